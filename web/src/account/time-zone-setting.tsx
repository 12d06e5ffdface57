import { useApolloClient } from '@apollo/client/react';
import { useId, useState } from 'react';
import { TimeZoneOptions } from '../dates/time-zone-options.tsx';
import { deviceZone } from '../dates/time-zones.ts';
import { ChoiceSelect } from '../forms/choice-select.tsx';
import { FieldProblem } from '../forms/field-problem.tsx';
import { UpdateMeDocument } from '../generated/graphql.ts';
import { describeProblem } from '../graphql/problem.ts';

/** The time zone that decides what is due today and what is overdue. */
export function TimeZoneSetting({ timeZone }: { timeZone: string }) {
  const client = useApolloClient();
  const id = useId();
  const [problem, setProblem] = useState<string | null>(null);
  const here = deviceZone();
  const change = async (zone: string) => {
    try {
      setProblem(null);
      await client.mutate({ mutation: UpdateMeDocument, variables: { input: { timeZone: zone } } });
      await client.refetchQueries({ include: 'active' });
    } catch (error) {
      setProblem(describeProblem(error).sentence);
    }
  };
  return (
    <div className="setting">
      <div>
        <label htmlFor={id}>Time zone</label>
        <p className="quiet">Decides when your days begin and end.</p>
        {here !== null && here !== timeZone && (
          <button type="button" className="text-button" onClick={() => change(here)}>
            Use this device's time zone: {here.replaceAll('_', ' ')}
          </button>
        )}
        <FieldProblem id={`${id}-problem`} problem={problem} />
      </div>
      <ChoiceSelect
        id={id}
        className="input"
        value={timeZone}
        onChoose={change}
        aria-describedby={problem ? `${id}-problem` : undefined}
      >
        <TimeZoneOptions first={here} current={timeZone} />
      </ChoiceSelect>
    </div>
  );
}
