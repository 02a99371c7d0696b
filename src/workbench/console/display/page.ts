import { randomBytes } from 'node:crypto';
import { t } from '@vscode/l10n';

// not for people: a style sheet
const STYLE = `
  html, body { height: 100%; margin: 0; padding: 0; overflow: hidden; background: var(--vscode-editor-background); }
  #screen { position: absolute; inset: 0; }
  #last { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: contain; opacity: .3; filter: grayscale(1); }
  #notice { position: absolute; inset: 0; display: flex; flex-direction: column; align-items: center;
    justify-content: center; gap: 14px; padding: 24px; text-align: center; color: var(--vscode-descriptionForeground);
    font: var(--vscode-font-size) var(--vscode-font-family); background: var(--vscode-editor-background); }
  #last:not([hidden]) + #notice { color: var(--vscode-editorHoverWidget-foreground); background: none; }
  #last:not([hidden]) + #notice #notice-text { padding: 6px 12px; border-radius: 4px;
    background: var(--vscode-editorHoverWidget-background); }
  #notice-text { max-width: 46em; line-height: 1.5; overflow-wrap: anywhere; margin: 0; }
  #notice-buttons, #still-buttons { display: flex; flex-wrap: wrap; justify-content: center; gap: 8px; }
  #notice-buttons:empty, #still-buttons:empty { display: none; }
  button { font: inherit; padding: 5px 14px; border: 1px solid var(--vscode-button-border, transparent);
    border-radius: 2px; cursor: pointer; color: var(--vscode-button-foreground); background: var(--vscode-button-background); }
  button + button { color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground); }
  button:hover { background: var(--vscode-button-hoverBackground); }
  button + button:hover { background: var(--vscode-button-secondaryHoverBackground); }
  button:focus-visible { outline: 1px solid var(--vscode-focusBorder); outline-offset: 2px; }
  #still, #hint, #outside { position: absolute; left: 50%; transform: translateX(-50%); display: flex; align-items: center;
    gap: 12px; width: max-content; max-width: calc(100% - 48px); box-sizing: border-box; padding: 6px 12px; border-radius: 4px;
    border: 1px solid var(--vscode-widget-border, transparent); color: var(--vscode-editorHoverWidget-foreground);
    background: var(--vscode-editorHoverWidget-background); font: var(--vscode-font-size) var(--vscode-font-family); }
  #still { top: 18px; }
  #still p, #outside p { margin: 0; overflow-wrap: anywhere; }
  #hint, #outside { bottom: 18px; }
  #hint { pointer-events: none; }
  .is-still #screen { opacity: .5; }
  #screen canvas:focus-visible { outline: none; }
  #screen:focus-within { box-shadow: inset 0 0 0 1px var(--vscode-focusBorder); }
  #heard { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); }
  [hidden] { display: none !important; }
`;

/**
 * The page of a display, with its words in `language`. It may run our one script and nothing else, and reach nothing:
 * a guest's bytes are all that it deals with. noVNC makes pictures of them as data, which is all that it may show.
 */
export function displayPage(script: string, source: string, language: string): string {
  const nonce = randomBytes(16).toString('base64');
  // not for people: a browser obeys it
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    `img-src data: ${source}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escaped(t('Display'))}</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<div id="screen"></div>
<img id="last" alt="" hidden>
<div id="notice"><p id="notice-text">${escaped(t('Connecting…'))}</p><div id="notice-buttons"></div></div>
<div id="still" hidden><p id="still-text"></p><div id="still-buttons"></div></div>
<div id="hint" hidden aria-hidden="true"></div>
<p id="help" hidden></p>
<p id="heard" role="status"></p>
<div id="outside" hidden><p id="outside-text"></p><button id="back"></button></div>
<script type="module" nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
