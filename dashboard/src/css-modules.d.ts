declare module '*.module.css' {
  const classes: Readonly<Record<string, string>>;
  export default classes;
}
declare module '*.css';
declare module '*.svg' {
  const url: string;
  export default url;
}
declare module 'virtual:styles';
/** The address of a script that is bundled to run as a worker. */
declare module 'worker:*' {
  const url: string;
  export default url;
}
