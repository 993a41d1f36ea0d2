interface Input {
  parse: (...given: readonly unknown[]) => unknown;
  readonly _parser: { reset(): void };
}

interface Inner {
  readonly _core: { readonly _inputHandler: Input };
}

/**
 * What an instance sends is anything, and xterm 6.0.0 fails at some of it (`CSI 1 J` in the last column of the last line), in a timer of its own:
 * nothing behind it would be drawn, nor acknowledged, any more. What it fails at is left out of the picture instead.
 */
export function contain(terminal: object): void {
  const { _core: core } = terminal as Inner;
  const { _inputHandler: input } = core;
  const { _parser: parser } = input;
  const parse = input.parse.bind(input);
  input.parse = (...given) => {
    try {
      return parse(...given);
    } catch {
      parser.reset();
      return undefined;
    }
  };
}
