import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Words as they begin and whole words, beside the trigrams: three letters that a tenth of a country's names hold are found
 * by their place in a sorted list, without going through all who have them.
 */
export class PeopleWords1764000000017 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- No word that PostgreSQL would refuse: none is empty, and 500 letters are less than the 2,046 bytes that one may have.
      create function search_lexemes(search text) returns tsvector language sql immutable strict parallel safe return
        array_to_tsvector(array_remove(string_to_array(left(search, 500), ' '), ''));
      create index person_current_words on person_current using gin (search_lexemes(search));
      create index person_current_family on person_current (search_fold(family_name) text_pattern_ops);
      create index person_current_given on person_current (search_fold(given_name) text_pattern_ops);
      create index person_current_usernames on person_current (search_fold(usernames) text_pattern_ops);
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index person_current_usernames, person_current_given, person_current_family, person_current_words;
      drop function search_lexemes(text);
    `)
  }
}
