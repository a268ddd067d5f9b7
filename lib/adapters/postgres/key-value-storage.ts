import type { KeyValueStorage } from '../../ports/key-value-storage';
import type { Driver } from './driver';
import { toJsonText } from './to-json-text';

/** Small instance-wide values. An absent one is `undefined`. */
export function createKeyValueStorage(driver: Driver): KeyValueStorage {
  return {
    async getValue(namespace, key) {
      const [value] = await driver.query(
        'select value from headrace.key_values where namespace = $1 and key = $2',
        [namespace, key],
      );
      return value;
    },
    listValues: (namespace) =>
      driver.query<{ key: string; value: unknown }>(
        `select json_build_object('key', key, 'value', value) from headrace.key_values where namespace = $1 order by key`,
        [namespace],
      ),
    async putValue(namespace, key, value) {
      await driver.query(
        `insert into headrace.key_values (namespace, key, value) values ($1, $2, $3::json)
         on conflict (namespace, key) do update set value = excluded.value`,
        [namespace, key, toJsonText(value)],
      );
    },
    async insertValue(namespace, key, value) {
      const inserted = await driver.query(
        `insert into headrace.key_values (namespace, key, value) values ($1, $2, $3::json)
         on conflict (namespace, key) do nothing returning to_json(true)`,
        [namespace, key, toJsonText(value)],
      );
      return inserted.length > 0;
    },
    async replaceValue(namespace, key, expected, value) {
      const replaced = await driver.query(
        `update headrace.key_values set value = $3::json
         where namespace = $1 and key = $2 and value::jsonb = $4::jsonb returning to_json(true)`,
        [namespace, key, toJsonText(value), toJsonText(expected)],
      );
      return replaced.length > 0;
    },
    async deleteValue(namespace, key) {
      await driver.query('delete from headrace.key_values where namespace = $1 and key = $2', [
        namespace,
        key,
      ]);
    },
  };
}
