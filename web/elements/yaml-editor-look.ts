import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const brand = 'var(--wa-color-brand-on-quiet)';
const quiet = 'var(--wa-color-text-quiet)';

/** By the colours of the page, which change with its theme. */
const colours = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: brand },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--wa-color-success-on-quiet)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword, tags.typeName], color: 'var(--wa-color-warning-on-quiet)' },
  { tag: [tags.comment, tags.meta], color: quiet, fontStyle: 'italic' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: quiet },
]);

const surfaces = EditorView.theme({
  '&': { height: '100%', color: 'var(--wa-color-text-normal)', backgroundColor: 'var(--wa-color-surface-default)', fontSize: '0.93em' },
  '&.cm-focused': { outline: '2px solid var(--wa-color-focus)', outlineOffset: '1px' },
  '.cm-scroller': { fontFamily: 'var(--wa-font-family-code)', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--wa-color-text-normal)' },
  '.cm-cursor': { borderLeftColor: 'var(--wa-color-text-normal)' },
  '.cm-gutters': {
    backgroundColor: 'var(--wa-color-surface-lowered)',
    color: quiet,
    border: 'none',
    borderInlineEnd: '1px solid var(--wa-color-surface-border)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--wa-color-brand-fill-quiet) 45%, transparent)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'var(--wa-color-brand-fill-quiet) !important' },
  '.cm-matchingBracket': {
    backgroundColor: 'var(--wa-color-brand-fill-quiet) !important',
    outline: '1px solid var(--wa-color-brand-border-normal)',
  },
  '.cm-tooltip, .cm-panels': {
    backgroundColor: 'var(--wa-color-surface-raised)',
    color: 'var(--wa-color-text-normal)',
    border: '1px solid var(--wa-color-surface-border)',
    borderRadius: 'var(--wa-border-radius-m)',
  },
  '.cm-tooltip': { boxShadow: 'var(--wa-shadow-m)', zIndex: '50' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--wa-font-family-code)', maxHeight: '16em' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--wa-color-brand-fill-loud)',
    color: 'var(--wa-color-brand-on-loud)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-completionDetail': { color: quiet, fontStyle: 'normal' },
  '.cm-completionInfo': { maxWidth: '24rem', padding: '0.4rem 0.6rem', fontFamily: 'var(--wa-font-family-body)' },
  '.about-key': { maxWidth: '28rem', padding: '0.4rem 0.6rem', fontFamily: 'var(--wa-font-family-body)' },
  '.about-key strong': { fontFamily: 'var(--wa-font-family-code)' },
  '.about-key span': { color: quiet, marginInlineStart: '0.5rem' },
  '.cm-panels input, .cm-panels button': { font: 'inherit', color: 'inherit', background: 'var(--wa-color-surface-default)' },
  '.cm-foldPlaceholder': { background: 'var(--wa-color-neutral-fill-quiet)', border: 'none', color: quiet },
});

export const look = [surfaces, syntaxHighlighting(colours)];
