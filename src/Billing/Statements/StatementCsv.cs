using Aigc2d.Billing.Exports;

namespace Aigc2d.Billing.Statements;

/// <summary>A statement as rows: the opening balance and all amounts below it add up to the closing balance in the last row.</summary>
internal static class StatementCsv
{
    public static void Write(CsvWriter csv, Statement statement)
    {
        csv.Header("month", "accountId", "group", "item", "count", "freeEndings", "inputTokens", "outputTokens", "cachedInputTokens", "amountMicropoints", "amountPoints");
        Balance(csv, statement, "opening balance", statement.OpeningBalanceMicropoints);
        foreach (var line in statement.Movements.Where(line => line.Rule != "charge"))
        {
            if (line.Credits > 0) Movement(csv, statement, line, line.Credits, line.CreditMicropoints);
            if (line.Debits > 0) Movement(csv, statement, line, line.Debits, line.DebitMicropoints);
        }

        foreach (var line in statement.Charges) Charge(csv, statement, line);
        Balance(csv, statement, "closing balance", statement.ClosingBalanceMicropoints);
    }

    private static void Balance(CsvWriter csv, Statement statement, string name, long micropoints)
    {
        Start(csv, statement, "balance", name);
        for (var empty = 0; empty < 5; empty++) csv.Empty();
        End(csv, micropoints);
    }

    private static void Movement(CsvWriter csv, Statement statement, MovementLine line, long count, long micropoints)
    {
        Start(csv, statement, line.Group, line.Rule);
        csv.Number(count);
        for (var empty = 0; empty < 4; empty++) csv.Empty();
        End(csv, micropoints);
    }

    private static void Charge(CsvWriter csv, Statement statement, ChargeLine line)
    {
        Start(csv, statement, "charges", line.Model);
        csv.Number(line.Charges);
        csv.Number(line.FreeEndings);
        csv.Number(line.InputTokens);
        csv.Number(line.OutputTokens);
        csv.Number(line.CachedInputTokens);
        End(csv, line.AmountMicropoints);
    }

    private static void Start(CsvWriter csv, Statement statement, string group, string item)
    {
        csv.Text(statement.Month);
        csv.Text(statement.AccountId.ToString());
        csv.Text(group);
        csv.Text(item);
    }

    private static void End(CsvWriter csv, long micropoints)
    {
        csv.Number(micropoints);
        csv.Plain(Points.Of(micropoints));
        csv.EndRow();
    }
}
