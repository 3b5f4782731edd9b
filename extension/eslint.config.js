// Few rules: what tsc (strict, checkJs) proves is not asked twice.
import js from "@eslint/js";

/** @type {import("eslint").Linter.Config[]} */
export default [
  { ignores: ["test/.tmp/", "test/screenshots/"] },
  {
    ...js.configs.recommended,
    files: ["**/*.js"],
    languageOptions: { ecmaVersion: 2024, sourceType: "module" },
    rules: {
      ...js.configs.recommended.rules,
      // tsc knows every global of both worlds, with its type.
      "no-undef": "off",
      "no-unused-vars": "off",
      // A comment inside says why nothing is done.
      "no-empty": ["error", { allowEmptyCatch: false }],
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true, named: true, defaultFrom: true, namedFrom: true, namespaceFrom: true } }],
    },
  },
  {
    // eslint reads its configuration from the default export.
    files: ["eslint.config.js"],
    rules: { "no-restricted-exports": "off" },
  },
  {
    // What ships: text from a site is text, and what it does is told to nobody but the person.
    files: ["src/**/*.js"],
    rules: {
      "no-console": "error",
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-restricted-syntax": ["error", {
        selector: "AssignmentExpression[left.property.name=/^(innerHTML|outerHTML)$/], CallExpression[callee.property.name='insertAdjacentHTML']",
        message: "Text from a site is shown as text: use textContent.",
      }],
    },
  },
  {
    // The engines differ in one file only.
    files: ["src/**/*.js"],
    ignores: ["src/lib/browser.js"],
    rules: {
      "no-restricted-globals": ["error",
        { name: "chrome", message: "Use api of lib/browser.js." },
        { name: "browser", message: "Use api of lib/browser.js." },
      ],
    },
  },
];
