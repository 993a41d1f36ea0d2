import type { Clock } from '#controller/engine/ports.ts';
import type { Talk } from './ports.ts';
import type { ClientFrame, HostKeyFound, ServerFrame } from './protocol.ts';

export interface TalkOptions {
  readonly clock: Clock;
  /** Tells the page that works; nobody may be there. */
  readonly tell: (frame: ServerFrame) => void;
  /** Whether whoever works there now may accept the keys of hosts. */
  readonly mayAccept: () => boolean;
}

/** Somebody who was asked and is not there. */
export class NobodyAnswers extends Error {
  override name = 'NobodyAnswers';
}

/** What is asked while a terminal opens: one question at a time, which is asked again of a page that comes back. */
export interface OpeningTalk extends Talk {
  /** Answers of the page. */
  hear(frame: Extract<ClientFrame, { type: 'answer' | 'accept-host-key' }>): void;
  /** A page is there (again): says what it has to know. */
  repeat(): void;
  /** Nothing will be answered any more. */
  end(): void;
}

const answerMs = 120_000;

interface Question {
  readonly frame: ServerFrame;
  hear(frame: ClientFrame): boolean;
  fail(error: Error): void;
}

export function createTalk({ clock, tell, mayAccept }: TalkOptions): OpeningTalk {
  let open: Question | undefined;
  let step = '';
  let count = 0;
  let isOver = false;

  function ask<T>(frame: ServerFrame, read: (frame: ClientFrame) => { readonly answer: T } | undefined): Promise<T> {
    return new Promise<T>((answered, refused) => {
      if (isOver) return refused(new NobodyAnswers('The terminal has ended.'));
      open?.fail(new NobodyAnswers('Something else was asked instead.'));
      const fail = (error: Error) => {
        if (open === question) open = undefined;
        cancel();
        refused(error);
      };
      const question: Question = {
        frame,
        fail,
        hear(heard) {
          const found = read(heard);
          if (!found) return false;
          if (open === question) open = undefined;
          cancel();
          answered(found.answer);
          return true;
        },
      };
      const cancel = clock.after(answerMs, () => fail(new NobodyAnswers(`Nobody answered within ${answerMs / 1000} s.`)));
      open = question;
      tell(frame);
      return undefined;
    });
  }

  return {
    say(detail) {
      step = detail;
      tell({ type: 'state', state: 'connecting', detail });
    },
    ask(question) {
      const id = ++count;
      return ask({ type: 'ask', id, ...question }, (frame) => {
        if (frame.type !== 'answer' || frame.id !== id) return undefined;
        const { answers } = frame;
        // Fewer answers than questions would leave the far side waiting.
        return { answer: answers && question.prompts.map((_, index) => answers[index] ?? '') };
      });
    },
    acceptHostKey: ({ fingerprint, algorithm }: HostKeyFound) =>
      ask<boolean>({ type: 'host-key', mayAccept: mayAccept(), fingerprint, algorithm }, (frame) => {
        if (frame.type === 'answer') return { answer: false };
        if (frame.type !== 'accept-host-key' || frame.fingerprint !== fingerprint) return undefined;
        return { answer: mayAccept() };
      }),
    hear: (frame) => void open?.hear(frame),
    repeat() {
      tell({ type: 'state', state: 'connecting', ...(step !== '' && { detail: step }) });
      // Who may accept may be another than before.
      if (open) tell(open.frame.type === 'host-key' ? { ...open.frame, mayAccept: mayAccept() } : open.frame);
    },
    end() {
      isOver = true;
      open?.fail(new NobodyAnswers('The terminal has ended.'));
    },
  };
}
