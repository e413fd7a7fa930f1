using System.Text.Json;
using Aigc2d.Contracts.Billing;
using Aigc2d.ProviderAdapters.Channels;
using Aigc2d.ServiceDefaults.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Refit;

namespace Aigc2d.ProviderAdapters.ProviderKeys;

/// <summary>Which models an own key may name: those that have a price, because what has none cannot be called here over any key.</summary>
internal sealed class ServedModels(IBillingApi billing)
{
    /// <summary>The problem with a list of models; null when all is well.</summary>
    public async Task<ProblemHttpResult?> FaultOfAsync(string[] models, CancellationToken ct)
    {
        var fields = new ChannelFields().Models([.. models.Select(model => new ChannelModel(model ?? "", model ?? ""))]);
        if (fields.Errors.Count > 0) return Problems.Invalid(fields.Errors);

        HashSet<string> priced;
        try
        {
            priced = (await billing.GetPricedModelsAsync(ct)).Models.ToHashSet(StringComparer.Ordinal);
        }
        catch (Exception exception) when (!ct.IsCancellationRequested && exception is HttpRequestException or ApiExceptionBase or JsonException or TimeoutException or OperationCanceledException)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "unavailable", "Prices cannot be read", "Whether the models can be called here could not be checked. Try again.");
        }

        var unknown = Array.FindIndex(models, model => !priced.Contains(model));
        return unknown < 0 ? null : Problems.Invalid($"models[{unknown}]", $"'{models[unknown]}' has no price here, so it cannot be called over any key. GET /api/prices lists the models that can.");
    }
}
