import { parseDbtLogLine } from '../../../lib/integrations/dbt/dbt-log';

const finished = (result: object) =>
  JSON.stringify({
    info: { name: 'NodeFinished', level: 'debug', msg: 'Finished running node' },
    data: { node_info: { unique_id: 'model.shop.orders', resource_type: 'model' }, run_result: result },
  });

describe('a line of dbt’s JSON log', () => {
  test('says how a node ended, with what the warehouse answered', () => {
    const line = finished({
      status: 'success',
      execution_time: 1.5,
      message: 'SUCCESS 3',
      adapter_response: { rows_affected: '3', query_id: 'q-1' },
    });

    expect(parseDbtLogLine(line)).toMatchObject({
      kind: 'node-finished',
      result: { uniqueId: 'model.shop.orders', status: 'success', seconds: 1.5, rowsAffected: 3, queryId: 'q-1' },
    });
  });

  test('leaves unknown what dbt does not say', () => {
    expect(parseDbtLogLine(finished({ status: 'error' }))).toMatchObject({
      kind: 'node-finished',
      result: { status: 'error', rowsAffected: null, queryId: null },
    });
  });

  test('is a message for people from info upwards, and silent below', () => {
    const at = (level: string) => JSON.stringify({ info: { name: 'X', level, msg: 'words' } });

    expect(parseDbtLogLine(at('info'))).toEqual({ kind: 'message', level: 'info', text: 'words' });
    expect(parseDbtLogLine(at('error'))).toEqual({ kind: 'message', level: 'error', text: 'words' });
    expect(parseDbtLogLine(at('debug'))).toEqual({ kind: 'other' });
  });

  test('that is not JSON is passed on as it is', () => {
    expect(parseDbtLogLine('Traceback (most recent call last):')).toMatchObject({
      kind: 'message',
      text: 'Traceback (most recent call last):',
    });
  });
});
