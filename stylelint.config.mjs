// What a stylesheet may say (make styles); its looks are the formatter's (biome.jsonc).
export default {
  extends: "stylelint-config-standard",
  reportNeedlessDisables: true,
  rules: {
    // Blank lines part what belongs apart: the imports of a layer, the tokens of a kind.
    "at-rule-empty-line-before": null,
    "custom-property-empty-line-before": null,
    "declaration-empty-line-before": null,
    // Old phones know neither ranges in media queries nor more than they must.
    "media-feature-range-notation": "prefix",
    // A component, its part, its variant: card, card__title, card--lead.
    "selector-class-pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*(__[a-z0-9]+)?(--[a-z0-9]+)?$",
    // Layers and the order of the parts decide; a part is read from the whole to its details.
    "no-descending-specificity": null,
    "import-notation": "string",
    "alpha-value-notation": "number",
    // Names of typefaces and currentColor are written as their makers write them.
    "value-keyword-case": [
      "lower",
      { camelCaseSvgKeywords: true, ignoreProperties: ["/font|mono/"], ignoreKeywords: ["A4"] },
    ],
    // Safari on phones knows no other way to keep the size of the text.
    "property-no-vendor-prefix": [true, { ignoreProperties: ["/text-size-adjust$/"] }],
  },
};
