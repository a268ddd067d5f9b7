import { step } from '../../execution/support/definitions';
import { launcherHarness } from '../../execution/support/launcher-harness';
import { until } from '../../support/until';

test('Output that is not to be kept goes to the terminal, masked; nothing says that it was captured', async () => {
  const said: string[] = [];
  const harness = await launcherHarness({
    keepsOutput: false,
    openOutput: () => ({ write: (_, bytes) => said.push(bytes.toString()), flush: () => {} }),
  });
  try {
    const run = harness.launch([step('secret')]);
    await run.exit;
    await until('the terminal has it all', () => said.join('').includes('done'));

    const terminal = said.join('');
    expect(terminal).toContain('the secret is ********\n');
    expect(terminal).toContain('in pieces ******** done\n');
    expect(terminal).not.toContain('s3cr3t-value');
    expect(run.of('LOG_MESSAGE')).toHaveLength(1);
    expect(run.of('LOGS_CAPTURED')).toEqual([]);
    expect(await harness.objectStore.list('compute_logs/')).toEqual([]);
  } finally {
    await harness.close();
  }
});
