using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Aigc2d.TestKit;
using Npgsql;

namespace Aigc2d.EndToEnd.Tests.Finance;

/// <summary>The finance system of <c>clients/finance.mjs</c>: a process of another language with its book on disk, which survives the process.</summary>
internal sealed class FinanceConsumer : IAsyncDisposable
{
    private readonly Suite _suite;
    private readonly int _seed;
    private readonly string _folder = Directory.CreateTempSubdirectory("aigc2d-finance-").FullName;
    private readonly LogBuffer _errors = new();
    private Process _node;
    private int _starts;

    public FinanceConsumer(Suite suite, int seed)
    {
        _suite = suite;
        _seed = seed;
        _node = Start();
    }

    private string SeenFile => $"{BookFile}.seen";

    private string BookFile => Path.Combine(_folder, "book");

    /// <summary>Kills it, whatever it is doing, and starts it again on its book.</summary>
    public async Task CrashAsync()
    {
        Assert.False(_node.HasExited, $"The consumer ended by itself:\n{_errors}");
        _node.Kill();
        await _node.WaitForExitAsync();
        _node.Dispose();
        _node = Start();
    }

    /// <summary>Balance and sequence of each account that it has heard of.</summary>
    public async Task<Dictionary<Guid, (long Balance, long Sequence)>> BookAsync()
    {
        Assert.False(_node.HasExited, $"The consumer ended by itself:\n{_errors}");
        var book = new Dictionary<Guid, (long, long)>();
        await using var file = new FileStream(BookFile, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        foreach (var line in (await reader.ReadToEndAsync()).Split('\n').SkipLast(1))
        {
            if (line.Split(' ') is [var account, var sequence, var balance, _]) book[Guid.Parse(account)] = (Number(balance), Number(sequence));
        }

        return book;
    }

    /// <summary>The ledger's own balances of all accounts that anything was told of.</summary>
    public async Task<Dictionary<Guid, (long Balance, long Sequence)>> LedgerAsync()
    {
        var ledger = new Dictionary<Guid, (long, long)>();
        await using var db = NpgsqlDataSource.Create(_suite.BillingDb);
        await using var command = db.CreateCommand("select id, balance_micropoints, feed_sequence from ledger_accounts where kind = 'customer' and feed_sequence > 0");
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) ledger.Add(reader.GetGuid(0), (reader.GetInt64(1), reader.GetInt64(2)));
        return ledger;
    }

    /// <summary>Waits until the book has come as far as the ledger and compares every account.</summary>
    public async Task AssertEqualsLedgerAsync(TimeSpan within)
    {
        var ledger = await LedgerAsync();
        var told = ledger.Values.Sum(account => account.Sequence);
        try
        {
            await Eventually.Equal(told, async () => (await BookAsync()).Values.Sum(account => account.Sequence), within);
        }
        catch (TimeoutException timeout)
        {
            Assert.Fail($"{timeout.Message} {await StopAsync()}\n{_errors}");
        }

        Assert.Equal(ledger.OrderBy(account => account.Key), (await BookAsync()).OrderBy(account => account.Key));
    }

    /// <summary>Whether any of its processes has met such a fault.</summary>
    public bool HasSeen(string fault) =>
        File.Exists(SeenFile) && JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(SeenFile)).GetProperty(fault).GetInt32() > 0;

    /// <summary>Ends it and answers what its processes have counted.</summary>
    public async Task<JsonElement> StopAsync()
    {
        Signals.Send(_node.Id, Signals.Terminate);
        var output = await _node.StandardOutput.ReadToEndAsync();
        await _node.WaitForExitAsync();
        return JsonSerializer.Deserialize<JsonElement>(output);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_node.HasExited) _node.Kill();
        await _node.WaitForExitAsync();
        _node.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private Process Start()
    {
        var start = new ProcessStartInfo("node", ["finance.mjs"])
        {
            WorkingDirectory = Path.Combine(Repository.Root, "tests/EndToEnd.Tests/clients"),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["AIGC2D_RABBITMQ_URL"] = _suite["AIGC2D_RABBITMQ_URL"],
                ["AIGC2D_ADMIN_URL"] = _suite["AIGC2D_ADMIN_URL"],
                ["AIGC2D_FINANCE_KEY"] = _suite["AIGC2D_FINANCE_KEY"],
                ["BOOK"] = BookFile,
                ["FAULTS"] = $"{_seed + _starts++}",
            },
        };
        var node = Process.Start(start)!;
        node.ErrorDataReceived += (_, line) => _errors.Add(line.Data);
        node.BeginErrorReadLine();
        return node;
    }
}
