import { EnvironmentError, readEnvironment, readWorkerEnvironment } from '../lib/environment';

test('Variables are read as what they are, and those that are not set are left out', () => {
  const source = { HEADRACE_PORT: '0', DATABASE_URL: 'postgres://h/db', HEADRACE_TOKEN: 't', OTHER: 'x' };

  expect(readEnvironment(source)).toEqual({
    HEADRACE_PORT: 0,
    DATABASE_URL: 'postgres://h/db',
    HEADRACE_TOKEN: 't',
  });
});

test('Every variable that cannot be used is named, with its value', () => {
  const read = () => readEnvironment({ HEADRACE_PORT: '65536', HEADRACE_URL: 'here', HEADRACE_HOME: '/h' });

  expect(read).toThrow(EnvironmentError);
  expect(read).toThrow(/HEADRACE_PORT: is no whole number from 0 to 65535: "65536"/);
  expect(read).toThrow(/HEADRACE_URL: is no URL: "here"/);
});

test.each(['', ' ', '80.5', '-1', 'http'])('A port of "%s" is refused', (HEADRACE_PORT) => {
  expect(() => readEnvironment({ HEADRACE_PORT })).toThrow(/HEADRACE_PORT/);
});

test('A worker must know its object store; its numbers are read as numbers', () => {
  const told = { HEADRACE_OBJECT_STORE: '/s', HEADRACE_ATTEMPT: '2', HEADRACE_MAX_RUNTIME: '0.5' };

  expect(readWorkerEnvironment(told)).toEqual({
    HEADRACE_OBJECT_STORE: '/s',
    HEADRACE_ATTEMPT: 2,
    HEADRACE_MAX_RUNTIME: 0.5,
  });
  expect(() => readWorkerEnvironment({ HEADRACE_ATTEMPT: '1' })).toThrow(/HEADRACE_OBJECT_STORE: is not set/);
});

test.each([
  ['HEADRACE_ATTEMPT', '0'],
  ['HEADRACE_ATTEMPT', '1.5'],
  ['HEADRACE_MAX_RUNTIME', '0'],
  ['HEADRACE_MAX_RUNTIME', 'Infinity'],
])('%s=%s is refused', (name, value) => {
  expect(() => readWorkerEnvironment({ HEADRACE_OBJECT_STORE: '/s', [name]: value })).toThrow(name);
});
