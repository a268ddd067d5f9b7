# Two images of one build: `development` serves the project (docker-compose.yaml), the last stage is the worker.
FROM node:24-bookworm-slim AS build
WORKDIR /headrace
COPY . .
# Installs the packages, builds the programs and the dashboard, and remembers that both are done.
RUN node bin/bootstrap.mjs --help

FROM build AS development
RUN apt-get update \
  && apt-get install --yes --no-install-recommends python3 python3-venv ca-certificates git \
  && rm -rf /var/lib/apt/lists/*
CMD ["node", "bin/bootstrap.mjs", "dev", "--host", "0.0.0.0"]

FROM build AS production
RUN npm prune --omit=dev

FROM node:24-bookworm-slim AS worker
RUN apt-get update \
  && apt-get install --yes --no-install-recommends python3 python3-venv ca-certificates git \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /headrace
COPY requirements.txt ./
RUN python3 -m venv /opt/dbt && /opt/dbt/bin/pip install --no-cache-dir --requirement requirements.txt
ENV PATH=/opt/dbt/bin:$PATH NODE_ENV=production
COPY --from=production /headrace/node_modules node_modules
COPY --from=production /headrace/dist dist
COPY package.json headrace.yaml workspace.yaml ./
USER node
ENTRYPOINT ["node", "--enable-source-maps"]
CMD ["dist/bin/worker.mjs"]
