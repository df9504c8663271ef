import { app, session, type IpcMainInvokeEvent, type WebContents } from 'electron';
import { PAGE_ORIGIN } from './pageProtocol.ts';

/** True when `url` is our own page. */
const isPage = (url: string): boolean => url === PAGE_ORIGIN || url.startsWith(`${PAGE_ORIGIN}/`);

/** Throws when a message comes from anything but the top frame of our own page. */
export function assertTrustedSender(event: IpcMainInvokeEvent): void {
  const frame = event.senderFrame;
  if (!frame || frame.parent !== null || !isPage(frame.url)) throw new Error('message from an untrusted frame');
}

/** No permission, no navigation away, no second window, no webview: for every contents there will ever be. */
export function guardAllContents(): void {
  session.defaultSession.setPermissionRequestHandler((contents, permission, decide) => {
    decide(permission === 'clipboard-sanitized-write' && isPage(contents.getURL()));
  });
  session.defaultSession.setPermissionCheckHandler((contents, permission) => {
    return permission === 'clipboard-sanitized-write' && contents !== null && isPage(contents.getURL());
  });
  // Offline by promise: whatever asks for the network anyway is stopped here.
  session.defaultSession.webRequest.onBeforeRequest((details, decide) => {
    decide({ cancel: !/^(app:\/\/studio\/|blob:|data:|devtools:)/.test(details.url) });
  });
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
}

function guardContents(contents: WebContents): void {
  contents.on('will-navigate', (event, url) => {
    if (!isPage(url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
