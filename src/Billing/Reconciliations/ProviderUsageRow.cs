using System.Globalization;
using System.Text.Json.Serialization;

namespace Aigc2d.Billing.Reconciliations;

/// <summary>What a provider says it counted for a channel on a UTC day, and where it says so.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ProviderUsageRow
{
    public static readonly string[] Columns = ["channelId", "day", "inputTokens", "outputTokens", "source"];

    public required Guid ChannelId { get; init; }

    public required DateOnly Day { get; init; }

    public required long InputTokens { get; init; }

    public required long OutputTokens { get; init; }

    /// <summary>For example the number of the invoice.</summary>
    public required string Source { get; init; }

    /// <summary>Reads a CSV row of these columns; what is wrong goes to <paramref name="faults"/>.</summary>
    public static ProviderUsageRow? Of(string[] cells, int index, IDictionary<string, string[]> faults)
    {
        if (cells.Length != Columns.Length) return Fault("", $"has {cells.Length} cells, {Columns.Length} are needed.");
        if (!Guid.TryParse(cells[0], out var channel)) return Fault(".channelId", "must be the id of a channel.");
        if (!DateOnly.TryParseExact(cells[1], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return Fault(".day", "must be a day as 2026-11-30.");
        if (!long.TryParse(cells[2], NumberStyles.None, CultureInfo.InvariantCulture, out var input)) return Fault(".inputTokens", "must be an integer, 0 or more.");
        if (!long.TryParse(cells[3], NumberStyles.None, CultureInfo.InvariantCulture, out var output)) return Fault(".outputTokens", "must be an integer, 0 or more.");
        return new() { ChannelId = channel, Day = day, InputTokens = input, OutputTokens = output, Source = cells[4] };

        ProviderUsageRow? Fault(string field, string message)
        {
            faults[$"[{index}]{field}"] = [message];
            return null;
        }
    }

    /// <summary>What is wrong with the row at <paramref name="index"/>, by field.</summary>
    public IEnumerable<(string Field, string Message)> Faults(int index)
    {
        if (InputTokens is < 0 or > Ledger.Micropoints.Max) yield return ($"[{index}].inputTokens", TokenBounds);
        if (OutputTokens is < 0 or > Ledger.Micropoints.Max) yield return ($"[{index}].outputTokens", TokenBounds);
        if (string.IsNullOrWhiteSpace(Source) || Source.Length > 200 || Source.Any(char.IsControl))
            yield return ($"[{index}].source", "must have 1 to 200 characters, none of them a control character: the invoice, for example.");
    }

    private const string TokenBounds = "must be an integer between 0 and 9007199254740991.";
}
