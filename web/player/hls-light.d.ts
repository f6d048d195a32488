/** The light build has the same interface, less what the console never uses (other audio, subtitles, encryption, I-frame tracks). */
declare module 'hls.js/light' {
  export * from 'hls.js';
  export { default } from 'hls.js';
}
