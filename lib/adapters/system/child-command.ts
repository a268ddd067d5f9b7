import { environmentForUserCode } from '../../environment';

/** How a worker program starts the processes with user code in them. */
export function childCommand(program: string) {
  return {
    executable: process.execPath,
    args: ['--enable-source-maps', '--disable-warning=ExperimentalWarning', program, '--child'],
    environment: environmentForUserCode(),
    directory: undefined as string | undefined,
  };
}
