import { Fragment, useMemo } from 'react';
import { CodeBlock } from '../../components/code-block';
import { type Block, type Inline, parseMarkdown } from './markdown';
import styles from './metadata.module.css';

/** A Markdown text as it is meant. Headings keep below those of the page. */
export default function MarkdownView({ text }: { readonly text: string }) {
  const blocks = useMemo(() => parseMarkdown(text), [text]);
  return (
    <div className={styles.markdown}>
      <Blocks blocks={blocks} />
    </div>
  );
}

/** What is drawn from a text has no identity but its place. */
const inPlace = <Item,>(items: readonly Item[], draw: (item: Item) => React.ReactNode) =>
  // biome-ignore lint/suspicious/noArrayIndexKey: the text is drawn as a whole, never in parts
  items.map((item, index) => <Fragment key={index}>{draw(item)}</Fragment>);

function Blocks({ blocks }: { readonly blocks: readonly Block[] }) {
  return inPlace(blocks, (block) => <BlockView block={block} />);
}

function BlockView({ block }: { readonly block: Block }) {
  switch (block.type) {
    case 'heading':
      return (
        <h3 data-level={Math.min(3, block.level)}>
          <Line content={block.content} />
        </h3>
      );
    case 'paragraph':
      return (
        <p>
          <Line content={block.content} />
        </p>
      );
    case 'line':
      return <Line content={block.content} />;
    case 'code':
      return <CodeBlock label="code" text={block.text} />;
    case 'quote':
      return (
        <blockquote>
          <Blocks blocks={block.blocks} />
        </blockquote>
      );
    case 'rule':
      return <hr />;
    case 'list': {
      const items = inPlace(block.items, (blocks) => (
        <li>
          <Blocks blocks={blocks} />
        </li>
      ));
      return block.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
    }
    case 'table':
      return (
        <div className={styles.markdownTable}>
          <table>
            <thead>
              <tr>
                {inPlace(block.head, (content) => (
                  <th scope="col">
                    <Line content={content} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {inPlace(block.rows, (cells) => (
                <tr>
                  {inPlace(cells, (content) => (
                    <td>
                      <Line content={content} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      );
  }
}

function Line({ content }: { readonly content: readonly Inline[] }) {
  return inPlace(content, (part) => {
    switch (part.type) {
      case 'text':
        return part.text;
      case 'code':
        return <code className="mono">{part.text}</code>;
      case 'strong':
        return (
          <b className="strong">
            <Line content={part.children} />
          </b>
        );
      case 'em':
        return (
          <em>
            <Line content={part.children} />
          </em>
        );
      case 'del':
        return (
          <del>
            <Line content={part.children} />
          </del>
        );
      case 'link':
        return (
          <a className="link" href={part.href} target="_blank" rel="noreferrer">
            <Line content={part.children} />
          </a>
        );
    }
  });
}
