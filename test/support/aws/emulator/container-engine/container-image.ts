import { readFile } from 'node:fs/promises';

/** What an image would hold: the program that a task's container runs, as a local command. */
export interface ContainerImage {
  /** Put before the command, as a Dockerfile's ENTRYPOINT. */
  readonly entrypoint?: readonly string[];
  /** Replaced by the command of the task definition or of the override, as a Dockerfile's CMD. */
  readonly command: readonly string[];
  /** Absolute path. */
  readonly workingDirectory: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Part of an image's name → what it runs; the longest part that occurs in the name wins. */
export type ContainerImages = Readonly<Record<string, ContainerImage>>;

/** The image with this name, of those in a JSON file, which is read again every time. */
export async function findImage(file: string, name: string): Promise<ContainerImage | undefined> {
  const images = JSON.parse(await readFile(file, 'utf8')) as ContainerImages;
  return pickImage(images, name);
}

/** @example pickImage({ worker: image }, '000000000000.dkr.ecr.us-east-1.amazonaws.com/worker:1') // image */
export function pickImage(images: ContainerImages, name: string): ContainerImage | undefined {
  const [match] = Object.keys(images)
    .filter((part) => name.includes(part))
    .sort((a, b) => b.length - a.length);
  return match === undefined ? undefined : images[match];
}
