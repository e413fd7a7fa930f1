using System.Collections.Frozen;
using System.Reflection;

namespace Refit;

/// <summary>Makes clients out of annotated interfaces.</summary>
public static class RestService
{
    public static T For<T>(HttpClient client) => For<T>(client, null);

    public static T For<T>(HttpClient client, RefitSettings? settings) => ForGenerated<T>(client, settings ?? new RefitSettings());

    public static T ForGenerated<T>(HttpClient client) => ForGenerated<T>(client, new RefitSettings());

    public static T ForGenerated<T>(HttpClient client, RefitSettings settings)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(settings);
        if (client.BaseAddress is null) throw new InvalidOperationException("BaseAddress must be set on the HttpClient instance");

        var proxy = DispatchProxy.Create<T, ClientProxy>();
        ((ClientProxy)(object)proxy!).Connect(client, settings, Calls<T>.ByMethod);
        return proxy;
    }

    /// <summary>The calls of one interface, worked out when its first client is made.</summary>
    private static class Calls<T>
    {
        public static readonly FrozenDictionary<MethodInfo, Call> ByMethod = typeof(T).GetInterfaces().Append(typeof(T))
            .SelectMany(type => type.GetMethods())
            .Where(method => method.IsAbstract)
            .ToFrozenDictionary(method => method, MethodCall.For);
    }
}

/// <summary>What stands behind every client interface: it looks the call up and makes it.</summary>
internal class ClientProxy : DispatchProxy
{
    private HttpClient? _client;
    private RefitSettings? _settings;
    private FrozenDictionary<MethodInfo, Call>? _calls;

    internal void Connect(HttpClient client, RefitSettings settings, FrozenDictionary<MethodInfo, Call> calls) =>
        (_client, _settings, _calls) = (client, settings, calls);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _calls![targetMethod!](_client!, _settings!, args ?? []);
}
