using System.Net;
using System.Text;
using System.Text.Json;
using Aigc2d.Contracts;

namespace Aigc2d.ProviderAdapters.Tests.Kit;

/// <summary>An account that manages its own provider keys, as the gateway forwards it.</summary>
public sealed class KeyOwner(AdaptersHost adapters, Uri sandbox)
{
    public const string Secret = "sk-customers-own-secret-4321";

    public Guid AccountId { get; } = Guid.CreateVersion7();

    public async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpMethod method, string path = "", string? json = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/provider-keys{path}") { Headers = { { CallHeaders.AccountId, AccountId.ToString() } } };
        if (json is not null) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await adapters.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Stores a key that is sent to the Sandbox; answers its id.</summary>
    public async Task<Guid> StoreAsync(string credential = Secret, string name = "mine", string[]? models = null)
    {
        var (status, body) = await SendAsync(HttpMethod.Post, "", JsonSerializer.Serialize(new { provider = "openai", name, credential, baseUrl = sandbox.ToString(), models }));
        Assert.True(status == HttpStatusCode.Created, $"{status} {body}");
        return JsonDocument.Parse(body).RootElement.GetProperty("id").GetGuid();
    }

    /// <summary>The account's call.</summary>
    public TestCall Call(TestModel model, bool stream) => TestCall.Of(model, stream) with { AccountId = AccountId };
}
