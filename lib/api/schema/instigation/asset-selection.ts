import { builder, tag } from '../../builder';
import { Asset } from '../assets/asset';
import { AssetsOrError } from '../assets/asset-queries';
import { AssetCheckHandle, AssetKeyType, assetKey } from '../common';
import { Schedule } from './schedule';
import { Sensor } from './sensor';

interface SelectionValue {
  readonly location: string;
  readonly keys: readonly string[];
}
const AssetSelection = builder.objectRef<SelectionValue>('AssetSelection');
AssetSelection.implement({
  fields: (t) => ({
    assetSelectionString: t.string({
      nullable: true,
      description: 'In the syntax of selections.',
      resolve: ({ keys }) => keys.map((key) => `key:"${key}"`).join(' or '),
    }),
    assetKeys: t.field({ type: [AssetKeyType], resolve: ({ keys }) => keys.map(assetKey) }),
    assetChecks: t.field({
      type: [AssetCheckHandle],
      resolve: ({ keys }, _args, { workspace }) =>
        keys.flatMap((key) => workspace.checks(key).map(({ definition }) => definition)),
    }),
    assets: t.field({ type: [Asset], resolve: ({ keys }) => keys.map((key) => tag('Asset', { key })) }),
    assetsOrError: t.field({
      type: AssetsOrError,
      resolve: ({ keys }) => tag('AssetConnection', { keys }),
    }),
  }),
});

builder.objectFields(Schedule, (t) => ({
  assetSelection: t.field({
    type: AssetSelection,
    nullable: true,
    description: 'Of its job; null of a job that is a graph of ops.',
    resolve: ({ location, definition }, _args, { workspace }) => {
      const keys = workspace.job(location, definition.jobName)?.assets ?? null;
      return keys === null ? null : { location, keys };
    },
  }),
}));

builder.objectField(Sensor, 'assetSelection', (t) =>
  t.field({
    type: AssetSelection,
    nullable: true,
    description: 'Of a sensor of automation conditions: the assets that have one.',
    resolve: ({ location, definition: { kind } }, _args, { workspace }) => {
      if (kind !== 'AUTOMATION') return null;
      const assets = workspace.location(location)?.manifest?.assets ?? [];
      return {
        location,
        keys: assets.filter((each) => each.automationCondition !== null).map(({ key }) => key),
      };
    },
  }),
);
