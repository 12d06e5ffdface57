import type { SelectHTMLAttributes } from 'react';
import { useChoice } from './use-choice.ts';

interface ChoiceSelectProps extends SelectHTMLAttributes<HTMLSelectElement> {
  value: string;
  onChoose: (value: string) => void;
}

/** A select that saves each choice. */
export function ChoiceSelect({ value, onChoose, ...select }: ChoiceSelectProps) {
  const choice = useChoice(value, onChoose);
  return (
    <select
      {...select}
      {...choice.handlers}
      value={choice.value}
      onChange={(event) => choice.choose(event.target.value)}
    />
  );
}
