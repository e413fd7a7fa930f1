using Aigc2d.Contracts.Providers;

namespace Aigc2d.ProviderAdapters.Channels;

/// <summary>Tells the gateway which models there are and which of them can be called now.</summary>
public static class ListRoutedModels
{
    public static void MapListRoutedModels(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/models", (ChannelDirectory directory) => TypedResults.Ok(new RoutedModelsResponse { Models = directory.Routes.Models }));
}
