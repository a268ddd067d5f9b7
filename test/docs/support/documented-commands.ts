import type { Command, Option } from 'commander';

/** Shell code of a page: lines of its `sh` and `bash` blocks, and what stands in backquotes. */
export function shellCodeOf(text: string): readonly string[] {
  const blocks = [...text.matchAll(/^```(?:sh|bash)\n(.*?)^```$/gms)].flatMap(([, code = '']) =>
    code.replaceAll(/\\\n\s*/g, ' ').split('\n'),
  );
  const prose = text.replaceAll(/^```.*?^```$/gms, '');
  const spans = [...prose.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replaceAll(/\s+/g, ' '));
  return [...blocks, ...spans];
}

/** Calls of the CLI in shell code, each as the words after `headrace`. */
export function callsOf(code: string): readonly (readonly string[])[] {
  return [...code.matchAll(/(?:^|\bnpx )headrace ([^|;&)#]+)/g)].map(([, words = '']) =>
    [...words.matchAll(/'[^']*'|"[^"]*"|<[^>]*>|\S+/g)].map(([word]) => word),
  );
}

/** What is wrong with a call; undefined when the program would take it. */
export function mistakeOf(program: Command, words: readonly string[]): string | undefined {
  const globals = program.options;
  let command = program;
  let given = 0;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (/^--?[a-z]/i.test(word)) {
      const option = [...command.options, ...globals].find((each) => isCalled(each, word));
      if (option === undefined && word !== '--help' && word !== '--version')
        return `${command.name()} has no option ${word}`;
      if (option?.required) index += 1;
      continue;
    }
    const below = command.commands.find((each) => each.name() === word);
    if (below !== undefined) command = below;
    else if (command.commands.length > 0) return `${command.name()} has no command ${word}`;
    else given += 1;
  }
  const takes = command.registeredArguments;
  const isVariadic = takes.at(-1)?.variadic === true;
  return given > takes.length && !isVariadic ? `${command.name()} takes no ${given} arguments` : undefined;
}

const isCalled = ({ long, short }: Option, word: string): boolean =>
  word.split('=')[0] === long || word === short;
