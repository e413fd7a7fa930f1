using Aigc2d.ProviderAdapters.Calls;

namespace Aigc2d.ProviderAdapters.ProviderKeys;

/// <summary>Customers' own provider keys: parts and routes. Whose account is meant is said by the edge, in a header.</summary>
internal static class ProviderKeyExtensions
{
    public static void AddProviderKeys(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<ProviderKeyOptions>().BindConfiguration(ProviderKeyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ProviderAddresses>();
        services.AddSingleton<ProviderKeyDirectory>();
        services.AddSingleton<OwnKeyCalls>();
        services.AddSingleton<ServedModels>();
        services.AddSingleton<CreateProviderKey>();
        services.AddSingleton<TestProviderKey>();
        services.AddHostedService<WatchProviderKeys>();
    }

    public static void MapProviderKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/api/provider-keys");
        keys.MapListProviderKeys();
        CreateProviderKey.Map(keys);
        keys.MapPatchProviderKey();
        keys.MapDeleteProviderKey();
        TestProviderKey.Map(keys);
    }
}
