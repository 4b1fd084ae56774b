-- Who answers for a team, as other domains read it: what holds a person's payouts holds those of the teams that they own.
CREATE VIEW v_team_owners AS SELECT team_id, user_id FROM team_members WHERE role = 'owner';
