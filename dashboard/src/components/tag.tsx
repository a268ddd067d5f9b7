import styles from './tag.module.css';

/** A small label; with `k` it reads `k=value`. */
export function Tag({ k, value }: { readonly k?: string | undefined; readonly value: string }) {
  const text = k ? `${k}=${value}` : value;
  return (
    <span className={styles.tag} title={text}>
      {k && <span className={styles.key}>{k}=</span>}
      {value}
    </span>
  );
}

export function Kbd({ children }: { readonly children: string }) {
  return <kbd className={styles.kbd}>{children}</kbd>;
}
