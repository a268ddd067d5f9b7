import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** Lines of a message that are shown: of an unmet expectation these say what was expected and what came. */
const MESSAGE_LINES = 3;
const LINE_LENGTH = 200;

/**
 * The tests that a report of jest (`--json`) says failed, and the suites that did not even run, in words: whoever sees
 * only the end of a long log learns from them what to look at.
 *
 * @param {readonly import('./failed-tests.d.mts').ReportedSuite[]} suites
 * @param {string} root folder to which paths are told
 * @returns {string[]} `test/a.test.ts › name of the test`, and below it the beginning of its message
 */
export function failedTests(suites, root) {
  return suites.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults
      .filter((test) => test.status === 'failed')
      .map(({ fullName, failureMessages }) => describe(`${file} › ${fullName}`, failureMessages?.[0] ?? ''));
    return failed.length === 0 && status === 'failed' ? [describe(file, message)] : failed;
  });
}

function describe(title, message) {
  const said = stripVTControlCharacters(message).split('\n');
  const stack = said.findIndex((line) => /^\s+at /.test(line));
  const lines = said
    .slice(0, stack < 0 ? said.length : stack)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return [title, ...lines.slice(0, MESSAGE_LINES).map((line) => `    ${line.slice(0, LINE_LENGTH)}`)].join(
    '\n',
  );
}
