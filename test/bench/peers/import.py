"""DuckDB and pandas reading the CSV files in argv; prints median seconds each."""
import json, os, statistics, sys, tempfile, time
import duckdb
import pandas as pd

threads = int(os.environ.get("PITH_BENCH_THREADS", "2"))
out = {"name": "DuckDB", "version": f"{duckdb.__version__}, pandas {pd.__version__}", "files": {}}


def median(work, n=5):
    work()
    seconds = []
    for _ in range(n):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


for file in sys.argv[1:]:
    con = duckdb.connect(config={"threads": threads})

    def read():
        con.execute(f"CREATE OR REPLACE TABLE t AS SELECT * FROM read_csv('{file}')")

    def copy():
        with tempfile.TemporaryDirectory() as folder:
            con.execute(f"COPY (SELECT * FROM read_csv('{file}')) TO '{folder}/t.parquet' (FORMAT parquet)")

    out["files"][file] = {"duckdb": median(read), "parquet": median(copy), "pandas": median(lambda: pd.read_csv(file), 3)}
print(json.dumps(out))
