namespace Aigc2d.AppHost.Seeds;

/// <summary>Gives every model of seed/prices.json a price unless it has one: what an operator has changed stays.</summary>
internal static class SeedPrices
{
    public static async Task RunAsync(AdminApi admin, CancellationToken ct)
    {
        var missing = new List<PriceRow>();
        foreach (var price in SeedFiles.Read<PriceFile>("prices.json").Models)
        {
            var known = await admin.GetAsync($"/admin/prices?model={Uri.EscapeDataString(price.Model)}", ct);
            if (known is not { } list || list.GetProperty("items").GetArrayLength() == 0)
            {
                missing.Add(price);
            }
        }

        if (missing.Count > 0)
        {
            await admin.PutAsync("/admin/prices", missing, ct);
        }
    }
}

/// <summary>The file: where the list prices come from, and the rows.</summary>
internal sealed record PriceFile(string Source, string Rates, PriceRow[] Models);

/// <summary>A row as <c>PUT /admin/prices</c> takes it; rates in micropoints per 1,000 tokens.</summary>
internal sealed record PriceRow
{
    public required string Model { get; init; }

    public DateTimeOffset? EffectiveFrom { get; init; }

    public required long InputMicropointsPer1k { get; init; }

    public required long OutputMicropointsPer1k { get; init; }

    public long? CachedInputMicropointsPer1k { get; init; }

    public long? CacheWriteMicropointsPer1k { get; init; }

    public required int ContextTokens { get; init; }

    public required int MaxOutputTokens { get; init; }

    public int? HoldOutputTokens { get; init; }
}
