import { Modal, type ModalProps } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { type Place, placeOfKeyboard, returnTo } from './keyboard';

/** A dialog that is open for as long as it is there; afterwards the keyboard is where it came from. */
export function Dialog({ from, ...modal }: Omit<ModalProps, 'opened'> & { from?: Place }) {
  const [place] = useState(() => from ?? placeOfKeyboard());
  const isThere = useRef(false);
  useEffect(() => {
    isThere.current = true;
    return () => {
      isThere.current = false;
      // React's strict mode takes a dialog away and brings it back at once.
      queueMicrotask(() => isThere.current || returnTo(place));
    };
  }, [place]);
  return <Modal opened {...modal} />;
}
