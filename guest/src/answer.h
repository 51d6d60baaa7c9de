/* Answers to requests. */
#ifndef HOLDFAST_ANSWER_H
#define HOLDFAST_ANSWER_H

#include <stddef.h>
#include <stdint.h>

/* Answers that it worked, with nothing more to say. */
void answer_done(uint32_t stream);
/* Answers with an error's kind and text. */
void answer_error(uint32_t stream, int error);
/* Room for an answer's content behind its leading zero; send it with answer_commit. */
uint8_t *answer_reserve(size_t length);
void answer_commit(uint32_t stream, size_t length);

#endif
