import { SourceMap, type SourceMapPayload } from 'node:module';
import { codeFrame } from './code-frame';
import { docCommentAbove } from './doc-comment';
import type { BuildProblem, ProblemSource } from './errors';

/** Turns positions of a bundle into positions of the sources that it was made from. */
export class SourceLocator {
  private readonly map: SourceMap;
  private readonly texts: ReadonlyMap<string, string>;
  private readonly lines = new Map<string, readonly string[]>();

  constructor(sourceMap: string) {
    const payload = JSON.parse(sourceMap) as SourceMapPayload;
    this.map = new SourceMap(payload);
    this.texts = new Map(
      payload.sources.map((source, index) => [source, payload.sourcesContent?.[index] ?? '']),
    );
  }

  /** Undefined for code that comes from no source file. Positions are 1-based. */
  locate(line: number, column: number): ProblemSource | undefined {
    const entry = this.map.findEntry(line - 1, column - 1);
    if (!('originalSource' in entry) || entry.originalSource === undefined) return undefined;
    return { file: entry.originalSource, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
  }

  /** The JSDoc comment above a place in a source. */
  docComment({ file, line }: ProblemSource): string | undefined {
    let lines = this.lines.get(file);
    if (lines === undefined) {
      lines = (this.texts.get(file) ?? '').split('\n');
      this.lines.set(file, lines);
    }
    return docCommentAbove(lines, line);
  }

  /** A problem at a position of the bundle, with the source lines around it. */
  problemAt(message: string, line: number, column: number): BuildProblem {
    const source = this.locate(line, column);
    if (source === undefined) return { message };
    const frame = codeFrame(this.texts.get(source.file) ?? '', source.line, source.column);
    return { message, source, ...(frame === undefined ? {} : { frame }) };
  }
}
