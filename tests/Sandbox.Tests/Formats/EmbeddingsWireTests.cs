using System.Buffers.Binary;
using System.Text.Json;
using Aigc2d.Sandbox.Tests.Kit;

namespace Aigc2d.Sandbox.Tests.Formats;

public sealed class EmbeddingsWireTests(SandboxFixture fixture)
{
    [Theory]
    [InlineData("openai", "text-embedding-3-small", 1_536)]
    [InlineData("openai", "text-embedding-3-large", 3_072)]
    [InlineData("openai", "text-embedding-ada-002", 1_536)]
    [InlineData("azure", "text-embedding-3-large", 3_072)]
    [InlineData("wenxin-v1", "embedding-v1", 384)]
    [InlineData("wenxin-v1", "bge_large_zh", 1_024)]
    [InlineData("wenxin-v1", "bge_large_en", 1_024)]
    [InlineData("wenxin-v1", "tao_8k", 1_024)]
    [InlineData("wenxin-v2", "embedding-v1", 384)]
    [InlineData("wenxin-v2", "bge-large-zh", 1_024)]
    [InlineData("wenxin-v2", "bge-large-en", 1_024)]
    [InlineData("wenxin-v2", "tao-8k", 1_024)]
    public async Task A_vector_has_the_models_own_size(string route, string model, int size)
    {
        var answer = await AskAsync(route, model, null);
        Assert.Equal((200, size), (answer.Status, Vectors(answer)[0].Length));
    }

    [Theory]
    [InlineData("openai", "object:list model:text-embedding-3-small data usage")]
    [InlineData("azure", "object:list model:text-embedding-3-small data usage")]
    [InlineData("wenxin-v1", "id object:embedding_list created data usage")]
    [InlineData("wenxin-v2", "id object:embedding_list created model:text-embedding-3-small data usage")]
    public async Task An_answer_has_the_members_that_its_provider_writes(string route, string members)
    {
        var answer = await AskAsync(route, "text-embedding-3-small", "\"input\":[\"one\",\"three\"]");

        Assert.Equal(members, string.Join(' ', answer.Json.EnumerateObject().Select(member => member.Name is "object" or "model" ? $"{member.Name}:{member.Value}" : member.Name)));
        Assert.Equal(["embedding 0", "embedding 1"], answer.Json.GetProperty("data").EnumerateArray().Select(one => $"{one.GetProperty("object")} {one.GetProperty("index")}"));
        Assert.Equal("""{"prompt_tokens":3,"total_tokens":3}""", answer.Json.GetProperty("usage").GetRawText());
        Assert.Equal(Vectors(answer)[0], Vectors(await AskAsync(route, "text-embedding-3-small", "\"input\":[\"one\"]"))[0]);
        Assert.NotEqual(Vectors(answer)[0], Vectors(answer)[1]);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("azure")]
    public async Task Base64_holds_the_same_numbers_unless_the_script_ignores_the_wish(string route)
    {
        const string Input = "\"input\":\"one\",\"dimensions\":8";
        var floats = await AskAsync(route, "wire-base64", $"{Input},\"encoding_format\":\"float\"");
        var encoded = await AskAsync(route, "wire-base64", $"{Input},\"encoding_format\":\"base64\"");
        var ignored = await AskAsync(route, "wire-base64@floats", $"{Input},\"encoding_format\":\"base64\"");

        Assert.Equal([JsonValueKind.Array, JsonValueKind.String, JsonValueKind.Array], new[] { floats, encoded, ignored }.Select(answer => Embedding(answer).ValueKind));
        var bytes = Embedding(encoded).GetBytesFromBase64();
        Assert.Equal(Vectors(floats)[0], Enumerable.Range(0, 8).Select(i => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * 4))));
        Assert.Equal(32, bytes.Length);
        Assert.Equal(floats.Json.GetProperty("data").GetRawText(), ignored.Json.GetProperty("data").GetRawText());
    }

    [Theory]
    [InlineData("wenxin-v1", "bge_large_zh")]
    [InlineData("wenxin-v2", "bge-large-zh")]
    public async Task Wenxin_sends_numbers_of_its_own_size_whatever_is_wished(string route, string model) =>
        Assert.Equal(1_024, Vectors(await AskAsync(route, model, "\"input\":[\"one\"],\"encoding_format\":\"base64\",\"dimensions\":8"))[0].Length);

    [Theory]
    [InlineData("openai", "\"Hello, world!\"", 1, 4)]
    [InlineData("openai", "[\"one\",\"three\"]", 2, 3)]
    [InlineData("openai", "[7,8,9]", 1, 3)]
    [InlineData("openai", "[[7,8,9],[10]]", 2, 4)]
    [InlineData("azure", "[[7,8,9],[10]]", 2, 4)]
    [InlineData("wenxin-v2", "\"Hello, world!\"", 1, 4)]
    public async Task Every_form_of_input_is_counted(string route, string input, int vectors, int tokens)
    {
        var answer = await AskAsync(route, "wire-forms", $"\"input\":{input}");
        Assert.Equal((vectors, tokens), (Vectors(answer).Length, answer.Json.GetProperty("usage").GetProperty("prompt_tokens").GetInt32()));
    }

    [Theory]
    [InlineData("text-embedding-3-small", "\"other\":1", "input", "invalid_value")]
    [InlineData("text-embedding-3-small", "\"input\":\"\"", "input", "invalid_value")]
    [InlineData("text-embedding-3-small", "\"input\":[]", "input", "invalid_value")]
    [InlineData("text-embedding-3-small", "\"input\":[\"a\",\"\"]", "input", "invalid_value")]
    [InlineData("text-embedding-3-small", "\"input\":[\"a\",7]", "input", "invalid_value")]
    [InlineData("text-embedding-3-small", "\"input\":[[7],[]]", "input", "invalid_value")]
    [InlineData("text-embedding-3-small", "\"input\":[-7]", "input", "invalid_value")]
    [InlineData("text-embedding-3-small", "\"input\":\"a\",\"dimensions\":0", "dimensions", "invalid_value")]
    [InlineData("text-embedding-3-small", "\"input\":\"a\",\"dimensions\":1537", "dimensions", "invalid_value")]
    [InlineData("text-embedding-ada-002", "\"input\":\"a\",\"dimensions\":1536", "dimensions", "invalid_value")]
    [InlineData("text-embedding-3-small", "\"input\":\"a\",\"encoding_format\":\"hex\"", "encoding_format", "invalid_value")]
    [InlineData("text-embedding-3-small", "\"input\":LONG", "input", "context_length_exceeded")]
    [InlineData("text-embedding-3-small", "\"input\":MANY", "input", "invalid_value")]
    [InlineData("text-embedding-3-small", "\"input\":MUCH", null, "max_tokens_per_request")]
    public async Task OpenAi_refuses_what_breaks_its_rules(string model, string members, string? param, string code)
    {
        foreach (var route in new[] { "openai", "azure" })
        {
            var error = (await AskAsync(route, model, Spelt(members))).Json.GetProperty("error");
            Assert.Equal((param, code), (error.GetProperty("param").GetString(), error.GetProperty("code").GetString()));
        }
    }

    [Theory]
    [InlineData("embedding-v1", "\"input\":7")]
    [InlineData("embedding-v1", "\"input\":[]")]
    [InlineData("embedding-v1", "\"input\":[\"\"]")]
    [InlineData("embedding-v1", "\"input\":[7,8]")]
    [InlineData("embedding-v1", "\"input\":[[7,8]]")]
    [InlineData("embedding-v1", "\"input\":SEVENTEEN")]
    [InlineData("embedding-v1", "\"input\":[\"WIDE\"]")]
    [InlineData("embedding-v1", "\"input\":[\"DENSE\"]")]
    [InlineData("tao", "\"input\":[\"a\",\"b\"]")]
    public async Task Wenxin_refuses_what_breaks_its_rules(string model, string members)
    {
        var v1 = await AskAsync("wenxin-v1", model == "tao" ? "tao_8k" : model, Spelt(members));
        var v2 = await AskAsync("wenxin-v2", model == "tao" ? "tao-8k" : model, Spelt(members));

        Assert.Equal((200, 336_003), (v1.Status, v1.Json.GetProperty("error_code").GetInt32()));
        Assert.Equal((400, "invalid_argument"), (v2.Status, v2.Json.GetProperty("error").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Wenxins_limits_are_as_wide_as_they_say()
    {
        var most = $"[{string.Join(',', Enumerable.Repeat($"\"{new string('x', 1_000)}\"", 16))}]";
        Assert.Equal(16, Vectors(await AskAsync("wenxin-v1", "embedding-v1", $"\"input\":{most}")).Length);
        Assert.Single(Vectors(await AskAsync("wenxin-v1", "tao_8k", $"\"input\":[\"{new string('文', 8_192)}\"]")));
    }

    /// <summary>Bodies that are too long to be written out in a row.</summary>
    private static string Spelt(string members) => members
        .Replace("LONG", $"\"{new string('x', (4 * 8_192) + 1)}\"", StringComparison.Ordinal)
        .Replace("MANY", $"[{string.Join(',', Enumerable.Repeat("\"a\"", 2_049))}]", StringComparison.Ordinal)
        .Replace("MUCH", $"[{string.Join(',', Enumerable.Repeat($"\"{new string('文', 8_000)}\"", 38))}]", StringComparison.Ordinal)
        .Replace("SEVENTEEN", $"[{string.Join(',', Enumerable.Repeat("\"a\"", 17))}]", StringComparison.Ordinal)
        .Replace("WIDE", new string('x', 1_001), StringComparison.Ordinal)
        .Replace("DENSE", new string('文', 385), StringComparison.Ordinal);

    private Task<WireAnswer> AskAsync(string route, string model, string? members) => OneAnswerRoute.Of(route).AskAsync(fixture, model, members);

    private static JsonElement Embedding(WireAnswer answer) => answer.Json.GetProperty("data")[0].GetProperty("embedding");

    private static float[][] Vectors(WireAnswer answer) =>
        [.. answer.Json.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("embedding").EnumerateArray().Select(number => number.GetSingle()).ToArray())];
}
