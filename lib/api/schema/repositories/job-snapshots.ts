import { builder, byTypename, type Tagged, tag } from '../../builder';
import { REPOSITORY } from '../../workspace-index';
import { PipelineTag, tagPairs } from '../common';
import {
  GraphNotFoundError,
  orError,
  PipelineNotFoundError,
  PipelineSnapshotNotFoundError,
  PythonError,
} from '../errors';
import { PipelineReference } from '../runs/run';
import type { JobValue } from './graph';
import { IPipelineSnapshot, PipelineSelector, pipelineNotFound, SolidContainer } from './job';

export const PipelineSnapshot = builder.objectRef<Tagged<'PipelineSnapshot', JobValue>>('PipelineSnapshot');
PipelineSnapshot.implement({
  interfaces: [SolidContainer, IPipelineSnapshot],
  fields: (t) => ({
    name: t.string({ resolve: ({ job }) => job.name }),
    runTags: t.field({ type: [PipelineTag], resolve: ({ job }) => tagPairs(job.runTags) }),
    solidSelection: t.stringList({ nullable: true, resolve: () => null }),
  }),
});
PipelineSnapshot.addInterfaces([PipelineReference as never]);
const PipelineSnapshotOrError = builder.unionType('PipelineSnapshotOrError', {
  types: [PipelineNotFoundError, PipelineSnapshot, PipelineSnapshotNotFoundError, PythonError],
  resolveType: byTypename,
});

/** The graph of a job that is no job of assets: it has the job's name. */
const Graph = builder.objectRef<Tagged<'Graph', JobValue>>('Graph');
Graph.implement({ interfaces: [SolidContainer], fields: () => ({}) });
const GraphOrError = builder.unionType('GraphOrError', {
  types: [Graph, GraphNotFoundError, PythonError],
  resolveType: byTypename,
});
const GraphSelector = builder.inputType('GraphSelector', {
  fields: (t) => ({
    graphName: t.string({ required: true }),
    repositoryName: t.string({ required: true }),
    repositoryLocationName: t.string({ required: true }),
  }),
});

builder.queryFields((t) => ({
  pipelineSnapshotOrError: t.field({
    type: PipelineSnapshotOrError,
    description: 'A job as it is defined now; of earlier bundles the plans of their runs are kept.',
    args: { snapshotId: t.arg.string(), activePipelineSelector: t.arg({ type: PipelineSelector }) },
    resolve: (_root, { snapshotId, activePipelineSelector: selector }, { workspace }) =>
      orError(() => {
        if (selector) {
          const { repositoryLocationName: location, pipelineName } = selector;
          const job = workspace.job(location, pipelineName);
          return job === undefined
            ? pipelineNotFound(location, pipelineName)
            : tag('PipelineSnapshot', { location, job });
        }
        const id = snapshotId ?? '';
        const [bundle = '', ...name] = id.split(':');
        const { name: location } = workspace.locations.find(({ bundleHash }) => bundleHash === bundle) ?? {};
        const job = location === undefined ? undefined : workspace.job(location, name.join(':'));
        return location === undefined || job === undefined
          ? tag('PipelineSnapshotNotFoundError', {
              snapshotId: id,
              message: `No code location serves a job '${id}' now.`,
            })
          : tag('PipelineSnapshot', { location, job });
      }),
  }),
  graphOrError: t.field({
    type: GraphOrError,
    args: { selector: t.arg({ type: GraphSelector }) },
    resolve: (_root, { selector }, { workspace }) =>
      orError(() => {
        const { graphName = '', repositoryLocationName: location = '' } = selector ?? {};
        const job = workspace.job(location, graphName);
        return job === undefined || job.assets !== null
          ? tag('GraphNotFoundError', {
              graphName,
              repositoryName: REPOSITORY,
              repositoryLocationName: location,
              message: `There is no graph '${graphName}' in code location '${location}'.`,
            })
          : tag('Graph', { location, job });
      }),
  }),
}));
