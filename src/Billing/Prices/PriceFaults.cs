using System.Text.RegularExpressions;
using Aigc2d.Billing.Ledger;

namespace Aigc2d.Billing.Prices;

/// <summary>What is wrong with a price row, by field and with the bound it breaks.</summary>
internal static partial class PriceFaults
{
    private const long MostRate = 1_000_000 * Micropoints.PerPoint;
    private const int MostEntries = 100;

    public static IEnumerable<(string Field, string Message)> Of(PriceRow row)
    {
        if (row.Model.Length is 0 or > 200 || row.Model.Any(char.IsControl)) yield return ("model", "must have 1 to 200 characters, none of them a control character.");
        foreach (var (field, rate, unit) in Rates(row))
        {
            if (rate is < 0 or > MostRate) yield return (field, $"must be between 0 and 1,000,000,000,000 micropoints per {unit}.");
        }

        foreach (var fault in Kinds(row).Concat(Tokens(row)).Concat(Entries("images", row.Images, "image", ImageKey())).Concat(Entries("tasks", row.Tasks, "task", TaskKey())).Concat(DiffusionFaults(row.Diffusion)))
            yield return fault;
    }

    private static IEnumerable<(string Field, long? Rate, string Unit)> Rates(PriceRow row) =>
    [
        ("inputMicropointsPer1k", row.InputMicropointsPer1k, "1,000 tokens"),
        ("outputMicropointsPer1k", row.OutputMicropointsPer1k, "1,000 tokens"),
        .. TokenDetails(row).Select(detail => (detail.Field, detail.Rate, "1,000 tokens")),
        ("micropointsPerSecond", row.MicropointsPerSecond, "second"),
        ("micropointsPer1kCharacters", row.MicropointsPer1kCharacters, "1,000 characters"),
    ];

    private static (string Field, long? Rate)[] TokenDetails(PriceRow row) =>
    [
        ("cachedInputMicropointsPer1k", row.CachedInputMicropointsPer1k),
        ("cacheWriteMicropointsPer1k", row.CacheWriteMicropointsPer1k),
        ("audioInputMicropointsPer1k", row.AudioInputMicropointsPer1k),
        ("imageInputMicropointsPer1k", row.ImageInputMicropointsPer1k),
        ("reasoningMicropointsPer1k", row.ReasoningMicropointsPer1k),
        ("audioOutputMicropointsPer1k", row.AudioOutputMicropointsPer1k),
        ("imageOutputMicropointsPer1k", row.ImageOutputMicropointsPer1k),
    ];

    private static IEnumerable<(string Field, string Message)> Kinds(PriceRow row)
    {
        if (row is { InputMicropointsPer1k: null, OutputMicropointsPer1k: null, MicropointsPerSecond: null, MicropointsPer1kCharacters: null, Images: null, Tasks: null, Diffusion: null })
            yield return ("inputMicropointsPer1k", "is required, with outputMicropointsPer1k, unless the row has micropointsPerSecond, micropointsPer1kCharacters, images, tasks or diffusion.");
    }

    private static IEnumerable<(string Field, string Message)> Tokens(PriceRow row)
    {
        if (row is { InputMicropointsPer1k: null, OutputMicropointsPer1k: null })
        {
            foreach (var (field, rate) in TokenDetails(row))
            {
                if (rate is not null) yield return (field, "needs inputMicropointsPer1k and outputMicropointsPer1k, the rates it is a part of.");
            }

            if (row.ContextTokens is not null) yield return ("contextTokens", "must be null in a row without rates for tokens.");
            if (row.MaxOutputTokens is not null) yield return ("maxOutputTokens", "must be null in a row without rates for tokens.");
            if (row.HoldOutputTokens is not null) yield return ("holdOutputTokens", "must be null in a row without rates for tokens.");
            yield break;
        }

        if (row.InputMicropointsPer1k is null) yield return ("inputMicropointsPer1k", "is required beside outputMicropointsPer1k.");
        if (row.OutputMicropointsPer1k is null) yield return ("outputMicropointsPer1k", "is required beside inputMicropointsPer1k.");
        if (row.ContextTokens is null or < 1) yield return ("contextTokens", "must be 1 or more in a row with rates for tokens.");
        if (row.MaxOutputTokens is null or < 1) yield return ("maxOutputTokens", "must be 1 or more in a row with rates for tokens.");
        if (row.HoldOutputTokens is { } hold && (hold < 1 || hold > row.MaxOutputTokens)) yield return ("holdOutputTokens", "must be between 1 and maxOutputTokens, or null.");
    }

    private static IEnumerable<(string Field, string Message)> Entries(string field, SortedDictionary<string, long>? entries, string unit, Regex key)
    {
        if (entries is null) yield break;
        if (entries.Count is 0 or > MostEntries) yield return (field, $"must have 1 to {MostEntries} entries, or be null.");

        foreach (var (name, rate) in entries)
        {
            if (!key.IsMatch(name)) yield return ($"{field}.{name}", unit == "image" ? "must be a size, or size/quality, of letters, digits and _ . : -, each up to 32 characters." : "must be an action of 1 to 32 letters, digits, _ and -.");
            if (rate is < 0 or > MostRate) yield return ($"{field}.{name}", $"must be between 0 and 1,000,000,000,000 micropoints per {unit}.");
        }
    }

    private static IEnumerable<(string Field, string Message)> DiffusionFaults(DiffusionRate? rate)
    {
        if (rate is null) yield break;
        if (rate.Base is < 0 or > 1000) yield return ("diffusion.base", "must be between 0 and 1,000.");
        if (rate.PerControlNetUnit is < 0 or > 1000) yield return ("diffusion.perControlNetUnit", "must be between 0 and 1,000.");
        if (rate.MicropointsPerUnit is < 0 or > MostRate) yield return ("diffusion.micropointsPerUnit", "must be between 0 and 1,000,000,000,000 micropoints.");
        if (rate.RoundToMicropoints is < 1 or > MostRate) yield return ("diffusion.roundToMicropoints", "must be between 1 and 1,000,000,000,000 micropoints.");
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_.:-]{1,32}(/[A-Za-z0-9_.:-]{1,32})?\z")]
    private static partial Regex ImageKey();

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,32}\z")]
    private static partial Regex TaskKey();
}
