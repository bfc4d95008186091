import { Button, Checkbox, Group, Select, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { CardBrand } from '../generated/graphql';
import { brandOptions } from '../shared/payment-method';
import type { ListState } from './list-state';

const TYPING_MS = 180;

/** Search and filters. What is typed is searched for as soon as the fingers rest. */
export function Filters({
  state,
  change,
}: {
  state: ListState;
  change: (part: Partial<ListState>, isTyping?: boolean) => void;
}) {
  const isFiltered = state.brand || state.lastFour || state.expiresBefore || state.withoutDefault;
  return (
    <>
      <Typed
        label="Search"
        size="md"
        placeholder="Name, e-mail, phone or reference"
        type="search"
        value={state.search}
        settle={(search) => change({ search }, true)}
      />
      <Group align="end" gap="sm" mt="sm">
        <Select
          label="Brand"
          w={170}
          size="sm"
          clearable
          placeholder="Any"
          data={brandOptions}
          value={state.brand}
          clearButtonProps={{ 'aria-label': 'Any brand' }}
          onChange={(brand) => change({ brand: brand as CardBrand | null })}
        />
        <Typed
          label="Last four"
          w={100}
          placeholder="4242"
          inputMode="numeric"
          maxLength={4}
          value={state.lastFour}
          settle={(lastFour) => change({ lastFour }, true)}
        />
        <Typed
          label="Expiring before"
          w={170}
          type="month"
          placeholder="YYYY-MM"
          value={state.expiresBefore}
          settle={(expiresBefore) => change({ expiresBefore }, true)}
        />
        <Checkbox
          label="Without a default"
          mb={8}
          checked={state.withoutDefault}
          onChange={(event) => change({ withoutDefault: event.currentTarget.checked })}
        />
        {isFiltered && (
          <Button
            variant="subtle"
            onClick={() => change({ brand: null, lastFour: '', expiresBefore: '', withoutDefault: false })}
          >
            Clear filters
          </Button>
        )}
      </Group>
    </>
  );
}

/** A field that reports its value when typing pauses, and follows the address otherwise. */
function Typed({
  value,
  settle,
  ...field
}: { value: string; settle: (value: string) => void } & Omit<
  React.ComponentProps<typeof TextInput>,
  'value' | 'onChange'
>) {
  const [typed, setTyped] = useState(value);
  const [reported, setReported] = useState(value);
  if (value !== reported) {
    setReported(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed === reported) return;
    const timer = setTimeout(() => {
      setReported(typed);
      settle(typed);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, reported, settle]);
  return <TextInput {...field} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />;
}
