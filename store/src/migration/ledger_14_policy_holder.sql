-- Who has which policy, so that a policy's holders are looked up and not searched for. The rows are the database's own: it writes them with the document of
-- a user or a role, which says the same. One whose document is damaged has none here: it is refused by itself, and is no reason not to start.
CREATE TABLE policy_holder (
    account TEXT NOT NULL,
    policy TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('role', 'user')),
    folded TEXT NOT NULL,
    relation TEXT NOT NULL CHECK (relation IN ('attached', 'bounded')),
    PRIMARY KEY (account, policy, kind, folded, relation)
) STRICT, WITHOUT ROWID;
CREATE INDEX policy_holder_entity ON policy_holder (account, kind, folded);

INSERT INTO policy_holder SELECT account, value, 'role', folded, 'attached'
    FROM (SELECT account, folded, iif(json_valid(document), document, NULL) AS document FROM role) AS role, json_each(role.document, '$.noun.attached');
INSERT INTO policy_holder SELECT account, json_extract(document, '$.noun.boundary'), 'role', folded, 'bounded'
    FROM (SELECT account, folded, iif(json_valid(document), document, NULL) AS document FROM role) AS role
    WHERE json_extract(document, '$.noun.boundary') IS NOT NULL;
CREATE TRIGGER role_added AFTER INSERT ON role BEGIN
    INSERT INTO policy_holder SELECT new.account, value, 'role', new.folded, 'attached' FROM json_each(new.document, '$.noun.attached');
    INSERT INTO policy_holder SELECT new.account, json_extract(new.document, '$.noun.boundary'), 'role', new.folded, 'bounded'
        WHERE json_extract(new.document, '$.noun.boundary') IS NOT NULL;
END;
CREATE TRIGGER role_changed AFTER UPDATE OF folded, document ON role BEGIN
    DELETE FROM policy_holder WHERE account = old.account AND kind = 'role' AND folded = old.folded;
    INSERT INTO policy_holder SELECT new.account, value, 'role', new.folded, 'attached' FROM json_each(new.document, '$.noun.attached');
    INSERT INTO policy_holder SELECT new.account, json_extract(new.document, '$.noun.boundary'), 'role', new.folded, 'bounded'
        WHERE json_extract(new.document, '$.noun.boundary') IS NOT NULL;
END;
CREATE TRIGGER role_removed AFTER DELETE ON role BEGIN
    DELETE FROM policy_holder WHERE account = old.account AND kind = 'role' AND folded = old.folded;
END;

INSERT INTO policy_holder SELECT account, value, 'user', folded, 'attached'
    FROM (SELECT account, folded, iif(json_valid(document), document, NULL) AS document FROM user) AS user, json_each(user.document, '$.noun.attached');
INSERT INTO policy_holder SELECT account, json_extract(document, '$.noun.boundary'), 'user', folded, 'bounded'
    FROM (SELECT account, folded, iif(json_valid(document), document, NULL) AS document FROM user) AS user
    WHERE json_extract(document, '$.noun.boundary') IS NOT NULL;
CREATE TRIGGER user_added AFTER INSERT ON user BEGIN
    INSERT INTO policy_holder SELECT new.account, value, 'user', new.folded, 'attached' FROM json_each(new.document, '$.noun.attached');
    INSERT INTO policy_holder SELECT new.account, json_extract(new.document, '$.noun.boundary'), 'user', new.folded, 'bounded'
        WHERE json_extract(new.document, '$.noun.boundary') IS NOT NULL;
END;
CREATE TRIGGER user_changed AFTER UPDATE OF folded, document ON user BEGIN
    DELETE FROM policy_holder WHERE account = old.account AND kind = 'user' AND folded = old.folded;
    INSERT INTO policy_holder SELECT new.account, value, 'user', new.folded, 'attached' FROM json_each(new.document, '$.noun.attached');
    INSERT INTO policy_holder SELECT new.account, json_extract(new.document, '$.noun.boundary'), 'user', new.folded, 'bounded'
        WHERE json_extract(new.document, '$.noun.boundary') IS NOT NULL;
END;
CREATE TRIGGER user_removed AFTER DELETE ON user BEGIN
    DELETE FROM policy_holder WHERE account = old.account AND kind = 'user' AND folded = old.folded;
END;
