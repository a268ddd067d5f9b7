import { launchByLocation, type MaterializeTarget } from '../../dashboard/src/graphql/use-materialize';

const target = (locationName: string, name: string): MaterializeTarget => ({
  path: [name],
  repositoryName: '__repository__',
  locationName,
});
const targets = [target('shop', 'orders'), target('marts', 'sales'), target('shop', 'items')];

test('what one code location refuses is told beside what was launched in the others', async () => {
  const launched = await launchByLocation(targets, async ({ locationName }, assets) => {
    if (locationName === 'marts') throw new Error('It does not load.');
    return `${locationName} ${assets.join()}`;
  });
  expect(launched).toEqual({ runIds: ['shop orders,items'], refused: ['marts: It does not load.'] });
});

test('it fails when nothing was launched at all', async () => {
  await expect(launchByLocation(targets, () => Promise.reject(new Error('No.')))).rejects.toThrow('No.');
});
