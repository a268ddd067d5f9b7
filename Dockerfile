# The worker image: Node for ingestion and the control plane's programs, Python with dbt for dbt runs.
FROM node:24-bookworm-slim AS build
WORKDIR /headrace
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN node bin/build-programs.mjs && npm prune --omit=dev

FROM node:24-bookworm-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends python3 python3-venv ca-certificates git \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /headrace
COPY requirements.txt ./
RUN python3 -m venv /opt/dbt && /opt/dbt/bin/pip install --no-cache-dir --requirement requirements.txt
ENV PATH=/opt/dbt/bin:$PATH NODE_ENV=production
COPY --from=build /headrace/node_modules node_modules
COPY --from=build /headrace/dist dist
COPY package.json headrace.yaml workspace.yaml ./
USER node
ENTRYPOINT ["node", "--enable-source-maps"]
CMD ["dist/bin/worker.mjs"]
