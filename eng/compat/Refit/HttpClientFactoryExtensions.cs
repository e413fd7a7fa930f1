using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace Refit;

/// <summary>Registers clients. Only the registrations that the genuine package offers without its reflection add-on.</summary>
public static class HttpClientFactoryExtensions
{
    public static IHttpClientBuilder AddRefitGeneratedClient<T>(this IServiceCollection services)
        where T : class => services.AddRefitGeneratedClient<T>((RefitSettings?)null);

    public static IHttpClientBuilder AddRefitGeneratedClient<T>(this IServiceCollection services, RefitSettings? settings)
        where T : class => services.AddRefitGeneratedClient<T>(settings, null);

    public static IHttpClientBuilder AddRefitGeneratedClient<T>(this IServiceCollection services, RefitSettings? settings, string? httpClientName)
        where T : class => services.AddRefitGeneratedClient<T>(_ => settings, httpClientName);

    [OverloadResolutionPriority(1)]
    public static IHttpClientBuilder AddRefitGeneratedClient<T>(this IServiceCollection services, Func<IServiceProvider, RefitSettings?>? settingsAction)
        where T : class => services.AddRefitGeneratedClient<T>(settingsAction, null);

    [OverloadResolutionPriority(1)]
    public static IHttpClientBuilder AddRefitGeneratedClient<T>(
        this IServiceCollection services, Func<IServiceProvider, RefitSettings?>? settingsAction, string? httpClientName)
        where T : class
    {
        services.AddSingleton(provider => new SettingsFor<T>(settingsAction?.Invoke(provider)));
        return services.AddHttpClient(httpClientName ?? $"Refit:{typeof(T).FullName}")
            .AddTypedClient((client, provider) => RestService.For<T>(client, provider.GetRequiredService<SettingsFor<T>>().Settings));
    }
}

/// <summary>The settings of one registered client.</summary>
public class SettingsFor<T>(RefitSettings? settings)
{
    public RefitSettings? Settings { get; } = settings ?? new RefitSettings();
}
