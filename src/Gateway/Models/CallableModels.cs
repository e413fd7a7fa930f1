using Aigc2d.Contracts.Accounts;
using Aigc2d.Contracts.Billing;
using Aigc2d.Contracts.Providers;
using Aigc2d.Gateway.Dialects;
using Aigc2d.Gateway.Edges;

namespace Aigc2d.Gateway.Models;

/// <summary>The models a key may call: those that have a price, that a channel lists now, and that the key is not kept from.</summary>
internal sealed class CallableModels(IProvidersApi providers, IBillingApi billing)
{
    public static bool MayCall(Principal principal, string model) => principal.Models is null || principal.Models.Contains(model, StringComparer.Ordinal);

    /// <summary>The models in order of name; null when Billing or ProviderAdapters did not answer.</summary>
    public async Task<RoutedModel[]?> ListAsync(Principal principal, CancellationToken ct)
    {
        if (await AllAsync(ct) is not { } all) return null;
        return [.. all.Where(model => model.Providers.Length > 0 && MayCall(principal, model.Name)).OrderBy(model => model.Name, StringComparer.Ordinal)];
    }

    /// <summary>Why a key may not call a model: it is not allowed to, or there is no such model for anybody.</summary>
    public async Task<ApiError> ErrorForAsync(string model, CancellationToken ct)
    {
        var all = await AllAsync(ct);
        return all is null || all.Any(known => known.Name == model) ? ApiErrors.ModelNotAllowed(model) : ApiErrors.ModelNotFound(model);
    }

    private async Task<RoutedModel[]?> AllAsync(CancellationToken ct)
    {
        try
        {
            var routed = providers.GetRoutedModelsAsync(ct);
            var priced = (await billing.GetPricedModelsAsync(ct)).Models.ToHashSet(StringComparer.Ordinal);
            return [.. (await routed).Models.Where(model => priced.Contains(model.Name))];
        }
        catch (Exception exception) when (!ct.IsCancellationRequested && Outages.Include(exception))
        {
            return null;
        }
    }
}
