/** Vite turns an imported drawing into its address. */
declare module '*.svg' {
  const url: string;
  export default url;
}
