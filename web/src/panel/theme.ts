import { byId } from '../shared/dom.ts';
import { ofBrowser } from '../shared/storage.ts';

const KEY = 'paredao.painel.tema';
const LIGHT = '(prefers-color-scheme: light)';

/** What stands for the browser's question whether light is wanted, and the colours of its own parts. */
const THEMES = {
  auto: { isLight: LIGHT, scheme: '' },
  escuro: { isLight: 'not all', scheme: 'dark' },
  claro: { isLight: 'all', scheme: 'light' },
} as const;
type Theme = keyof typeof THEMES;

const isTheme = (name: string): name is Theme => name in THEMES;

/** All conditions of the style sheets on a light page. */
const lightRules = (): MediaList[] =>
  [...document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules])
    .filter((rule) => rule instanceof CSSMediaRule)
    .map(({ media }) => media)
    .filter(({ mediaText }) => mediaText === LIGHT);

/**
 * Lets somebody choose dark or light for this browser, whatever the system wants. The style sheets ask the system, and what they ask is
 * replaced by the answer: so each colour is written once, and pages without the choice need nothing for it.
 */
export function offerThemes(): void {
  const choice = byId('tema', HTMLSelectElement);
  const rules = lightRules();
  const apply = (theme: Theme): void => {
    for (const media of rules) media.mediaText = THEMES[theme].isLight;
    document.documentElement.style.colorScheme = THEMES[theme].scheme;
  };
  const kept = ofBrowser.load(KEY) ?? 'auto';
  choice.value = isTheme(kept) ? kept : 'auto';
  apply(choice.value as Theme);
  choice.addEventListener('change', () => {
    ofBrowser.save(KEY, choice.value);
    apply(choice.value as Theme);
  });
}
