import { type FilterKey, matchesPattern, parseFilter, tokenProblem } from '../../components/filter-tokens';
import { type AutomationRow, isOn, rowLocation, rowName, rowTarget, rowTicks } from './automation-row';

export const automationFilterKeys: readonly FilterKey[] = [
  { key: 'name' },
  { key: 'target' },
  { key: 'location' },
  { key: 'status', values: ['on', 'off', 'failing', 'late', 'missed'].map((value) => ({ value })) },
];

/** What `status:` says of the last tick. */
const lastTickStatus: Readonly<Record<string, string>> = {
  failing: 'FAILURE',
  late: 'LATE',
  missed: 'MISSED',
};

/** Whether a row is one that a filter line asks for. Free text looks at the name. */
export function passesAutomationFilter(row: AutomationRow, text: string): boolean {
  return parseFilter(text)
    .filter((token) => !tokenProblem(token, automationFilterKeys))
    .every((token) => {
      const found = token.values.some((value) => {
        if (token.key === 'status')
          return value in lastTickStatus
            ? lastTickStatus[value] === rowTicks(row)[0]?.status
            : value === (isOn(row) ? 'on' : 'off');
        const own =
          token.key === 'target'
            ? rowTarget(row)
            : token.key === 'location'
              ? rowLocation(row)
              : rowName(row);
        return matchesPattern(own, value);
      });
      return found !== token.exclude;
    });
}
