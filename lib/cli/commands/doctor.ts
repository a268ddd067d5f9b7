import { EXIT } from '../errors';
import { readServerFile } from '../local-server/server-file';
import type { Output } from '../output';
import { openProject, type Project } from '../project';
import { type Diagnosis, diagnose, type PythonLookup } from './doctor-checks';

const DEFAULT_PORT = 3000;

/** `headrace doctor`: what is in order on this machine, and how to mend the rest. */
export async function doctor(
  folder: string,
  distribution: string,
  python: PythonLookup,
  port: number | undefined,
  output: Output,
): Promise<number> {
  let project: Project | undefined;
  let settingsError: unknown;
  try {
    project = openProject(folder, distribution);
  } catch (error) {
    settingsError = error;
  }
  const home = project?.home ?? `${folder}/.headrace`;
  const found = await diagnose({
    root: project?.root ?? folder,
    home,
    python,
    port: port ?? project?.environment.HEADRACE_PORT ?? DEFAULT_PORT,
    runningAt: readServerFile(home)?.url,
    env: (name) => project?.lookUp(name),
    settingsError,
  });
  output.result(found, () => {
    for (const diagnosis of found) output.line(diagnosisLine(diagnosis, output));
  });
  return found.some(({ result }) => result === 'problem') ? EXIT.failed : EXIT.ok;
}

/** A finding as a line, with its remedy below. */
export function diagnosisLine({ check, result, found, remedy }: Diagnosis, { colours: c }: Output): string {
  const mark = { ok: c.good('ok     '), warning: c.warn('warning'), problem: c.bad('problem') }[result];
  return `${mark}  ${check}: ${found}${remedy === undefined ? '' : `\n         → ${remedy}`}`;
}
