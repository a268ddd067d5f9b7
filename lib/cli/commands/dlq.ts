import type { DeadLetter, DeadLetters } from '../../adapters/aws/dead-letters';
import { confirm } from '../confirm';
import { CliError, EXIT } from '../errors';
import { instant, shortId } from '../format';
import type { Output } from '../output';
import { type Profile, required } from '../profiles';

export interface DlqOptions {
  readonly limit: number;
  /** Only the letters whose ids begin so. */
  readonly id?: readonly string[];
  /** Function for letters that do not say whom they were for. */
  readonly function?: string;
  readonly yes?: boolean;
}

/** How much of an event a list shows. */
const SHOWN = 80;

/** `headrace dlq list`: events that failed for good. */
export async function listDeadLetters(
  profile: Profile,
  options: DlqOptions,
  output: Output,
): Promise<number> {
  return withLetters(profile, async (queue) => {
    const letters = await queue.take(options.limit);
    await queue.release(letters);
    output.result(
      letters.map(({ receipt: _, ...letter }) => letter),
      () =>
        output.table(
          ['id', 'sent', 'for', 'error', 'event'],
          letters.map((letter) => [
            shortId(letter.id),
            instant(letter.sentAt),
            functionName(letter.target),
            letter.error,
            letter.body.slice(0, SHOWN),
          ]),
          'No event has failed for good.',
        ),
    );
    return EXIT.ok;
  });
}

/** `headrace dlq replay`: sends them again to the functions that they were for. Replaying an event twice does no harm. */
export async function replayDeadLetters(
  profile: Profile,
  options: DlqOptions,
  output: Output,
): Promise<number> {
  return withLetters(profile, async (queue) => {
    const taken = await queue.take(options.limit);
    const chosen = taken.filter(
      ({ id }) => options.id === undefined || options.id.some((prefix) => id.startsWith(prefix)),
    );
    const ready = chosen.flatMap((letter) => {
      const target = letter.target ?? options.function;
      return target === undefined || isElsewhere(letter) ? [] : [{ letter, target }];
    });
    const left = taken.filter((letter) => !ready.some((each) => each.letter === letter));
    await queue.release(left);
    const elsewhere = chosen.filter(isElsewhere).length;
    if (elsewhere > 0) {
      output.note(
        `${elsewhere} of them were for a topic, and can only be read: headrace dlq list --json. They are alerts that nobody was told of; see who may publish to the topic and use its key, and delete them in SQS.`,
      );
    }
    const unknown = chosen.length - ready.length - elsewhere;
    if (unknown > 0) {
      output.note(
        `${unknown} of them do not say which function they were for: neither Lambda nor EventBridge put them there. Look at the events, and name it: --function <name>.`,
      );
    }
    if (ready.length === 0) {
      output.result([], () => output.line('There is nothing to replay.'));
      return unknown + elsewhere > 0 ? EXIT.failed : EXIT.ok;
    }
    if (!(await confirm(`Send ${ready.length} events again?`, options))) {
      await queue.release(ready.map(({ letter }) => letter));
      output.note('Nothing was sent.');
      return EXIT.failed;
    }
    for (const { letter, target } of ready) await queue.replay(letter, target);
    const sent = ready.map(({ letter, target }) => ({ id: letter.id, target }));
    output.result(sent, () => {
      for (const { id, target } of sent) output.line(`${shortId(id)} → ${functionName(target)}`);
    });
    return unknown + elsewhere > 0 ? EXIT.failed : EXIT.ok;
  });
}

/** Whether EventBridge could not deliver it to what is no function: an alert, to its topic. */
const isElsewhere = ({ target }: DeadLetter): boolean =>
  target !== null && /^arn:/.test(target) && !/^arn:[^:]+:lambda:/.test(target);

const functionName = (arn: DeadLetter['target']): string | null => arn?.split(':').at(-1) ?? null;

async function withLetters(profile: Profile, use: (queue: DeadLetters) => Promise<number>): Promise<number> {
  if (profile.deadLettersQueue === null) {
    throw new CliError(`Profile "${profile.name}" says no dead_letters_queue (${profile.file}).`, {
      remedy: `Read it from the deployment: npx headrace profile add ${profile.name} --stack <stack> --region <region>`,
    });
  }
  const options = { region: required(profile, 'region'), queueUrl: profile.deadLettersQueue };
  const { createDeadLetters } = await import('../../adapters/aws/dead-letters');
  const queue = createDeadLetters(options);
  try {
    return await use(queue);
  } finally {
    queue.close();
  }
}
