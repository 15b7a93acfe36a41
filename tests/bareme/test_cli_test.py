"""`bareme test`: YAML tests, and the exit code that says how they went."""

CASE = """
- name: a bill
  period: 2017
  input:
    foyers: {f: {cote: x, cote_role: premier}}
    cotes: {x: {local: l}}
    locaux: {l: {commune: c, valeur: 100}}
    communes: {c: {taux: 0.5}}
  output: {impot: 50}
"""


def test_a_case_passes_or_fails_by_its_exit_code(run, write):
    passed = run("test", write("juste.yaml", CASE))
    assert passed.exit_code == 0, passed.output
    assert passed.output.startswith("1 cases: 1 passed, 0 failed")
    failed = run("test", write("faux.yaml", CASE.replace("impot: 50", "impot: 51")))
    assert failed.exit_code == 1
    assert "impot at 2017" in failed.output
    assert "expected 51, got 50" in failed.output


def test_a_path_without_cases_fails(run, tmp_path):
    result = run("test", tmp_path)
    assert result.exit_code == 1
    assert "There is no case" in result.output


def test_cases_may_be_chosen(run, write):
    result = run("test", write("juste.yaml", CASE), "--name-filter", "nothing of the kind")
    assert result.exit_code == 1
    assert "nothing of the kind" in result.output


def test_a_path_that_is_not_there_ends_with_code_2(run, tmp_path):
    result = run("test", tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "there is no such file or folder" in result.output
