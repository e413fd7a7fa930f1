using System.Text;
using System.Text.Json;

namespace Aigc2d.Gateway.Dialects;

/// <summary>
/// Walks a JSON document once, value by value, and refuses on the way, wherever it stands: duplicate names, nesting deeper than 64, more values
/// than any request needs, NUL and broken surrogates. A refusal is kept: after it every step answers false, so that callers need not look after each.
/// </summary>
internal ref struct JsonWalker
{
    public const int DeepestLevel = 64;

    /// <summary>Room for 300,000 tokens sent as numbers; more would keep a core busy for seconds.</summary>
    public const int MostValues = 500_000;
    private const int NamesWorthKeeping = 32;
    private readonly JsonPath _path = new();
    private readonly HashSet<string>?[] _names = new HashSet<string>?[DeepestLevel + 1];
    private readonly ReadOnlySpan<byte> _body;
    private Utf8JsonReader _reader;
    private int _values;

    /// <param name="body">Valid UTF-8.</param>
    public JsonWalker(ReadOnlySpan<byte> body)
    {
        _body = body;
        _reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = DeepestLevel + 1 });
    }

    /// <summary>What is wrong, once something is.</summary>
    public BodyRefusal? Refusal { get; private set; }

    /// <summary>The value the walker stands at.</summary>
    public readonly JsonTokenType Token => Refusal is null ? _reader.TokenType : JsonTokenType.None;

    /// <summary>The name of the member that the walker last stepped onto.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The bytes of the string, number or word that the walker stands at: what is between the quotes, escapes as they came.</summary>
    public readonly ReadOnlySpan<byte> RawText => Token is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null ? _reader.ValueSpan : default;

    /// <summary>Where in the document those bytes of a string are; empty for anything else.</summary>
    public readonly Range RawRange => Token == JsonTokenType.String ? (Position + 1)..((int)_reader.BytesConsumed - 1) : default;

    /// <summary>Where in the document the value begins that the walker stands at.</summary>
    public readonly int Position => (int)_reader.TokenStartIndex;

    /// <summary>Steps onto the document's one value.</summary>
    public bool Start() => Read();

    /// <summary>Makes sure that nothing follows the document's value.</summary>
    public void Finish()
    {
        if (Refusal is not null) return;

        try
        {
            _reader.Read();
        }
        catch (JsonException exception)
        {
            RefuseSyntax(exception);
        }
    }

    /// <summary>Inside an object: steps onto the next member's value. False behind the last one.</summary>
    public bool NextMember()
    {
        if (!ReadToken()) return false;
        if (_reader.TokenType == JsonTokenType.EndObject) return Leave();

        Name = _reader.GetString()!;
        _path.MoveTo(Name);
        if (!(_names[_path.Depth] ??= new HashSet<string>(StringComparer.Ordinal)).Add(Name)) return Refuse("appears more than once");

        return Read();
    }

    /// <summary>Inside an array: steps onto the next element. False behind the last one.</summary>
    public bool NextElement()
    {
        _path.MoveToNextElement();
        if (!ReadToken()) return false;
        return _reader.TokenType == JsonTokenType.EndArray ? Leave() : Enter();
    }

    /// <summary>Steps over the value the walker stands at, checking everything in it.</summary>
    public void Skip()
    {
        if (Token == JsonTokenType.StartObject)
        {
            while (NextMember()) Skip();
        }
        else if (Token == JsonTokenType.StartArray)
        {
            while (NextElement()) Skip();
        }
    }

    /// <summary>The string the walker stands at; null for JSON null, and with a refusal for anything else.</summary>
    public string? Text()
    {
        if (Token == JsonTokenType.String) return _reader.GetString();
        if (Token is not (JsonTokenType.Null or JsonTokenType.None)) Refuse("must be a string");
        return null;
    }

    /// <summary>The integer the walker stands at; null for JSON null, and with a refusal for anything outside the range.</summary>
    public int? Integer(int least, int most)
    {
        if (Token == JsonTokenType.Number && _reader.TryGetInt32(out var value) && value >= least && value <= most) return value;
        if (Token is not (JsonTokenType.Null or JsonTokenType.None)) Refuse($"must be an integer from {least} to {most}");
        return null;
    }

    /// <summary>The truth value the walker stands at; null for JSON null, and with a refusal for anything else.</summary>
    public bool? Boolean()
    {
        if (Token is JsonTokenType.True or JsonTokenType.False) return _reader.GetBoolean();
        if (Token is not (JsonTokenType.Null or JsonTokenType.None)) Refuse("must be true or false");
        return null;
    }

    /// <summary>The document from a position to where the walker stands, what it stands at included.</summary>
    public readonly ReadOnlySpan<byte> Since(int position) => _body[position..(int)_reader.BytesConsumed];

    /// <summary>Whether the walker stands at a string; JSON null counts as absent, anything else is refused.</summary>
    public bool IsText() => Is(JsonTokenType.String, "must be a string");

    /// <summary>Whether the walker stands at an array; JSON null counts as absent, anything else is refused.</summary>
    public bool IsArray() => Is(JsonTokenType.StartArray, "must be an array");

    /// <summary>Whether the walker stands at an object; JSON null counts as absent, anything else is refused.</summary>
    public bool IsObject() => Is(JsonTokenType.StartObject, "must be an object");

    /// <summary>Whether the value the walker stands at is what a member may be, with a refusal when it is not; JSON null always is.</summary>
    public bool Is(FieldType type)
    {
        long? integer = Token == JsonTokenType.Number && _reader.TryGetInt64(out var value) ? value : null;
        return type.Includes(Token, integer) ? Refusal is null : Refuse(type.ToRule());
    }

    /// <summary>Refuses the value the walker stands at, or a member of the object it stands in.</summary>
    /// <returns>False, always.</returns>
    public bool Refuse(string rule, string? member = null, string code = BodyRefusal.InvalidValue)
    {
        var path = _path.ToText(member);
        Refusal ??= new BodyRefusal(path, code, path is null ? $"The request body {rule}." : $"Invalid '{path}': {rule}.");
        return false;
    }

    private bool Is(JsonTokenType wanted, string rule)
    {
        if (Token == wanted) return true;
        if (Token is not (JsonTokenType.Null or JsonTokenType.None)) Refuse(rule);
        return false;
    }

    private bool Read() => ReadToken() && Enter();

    private bool Enter()
    {
        if (++_values > MostValues) return Refuse($"is beyond the {MostValues} values a request may have");
        if (_reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return true;
        if (_path.Depth == DeepestLevel) return Refuse($"is nested deeper than {DeepestLevel} levels");

        _path.Enter();
        // A set that one huge object has blown up would cost each later object its whole size to clear.
        if (_names[_path.Depth] is { Count: > NamesWorthKeeping }) _names[_path.Depth] = null;
        _names[_path.Depth]?.Clear();
        return true;
    }

    private readonly bool Leave()
    {
        _path.Leave();
        return false;
    }

    private bool ReadToken()
    {
        if (Refusal is not null) return false;

        try
        {
            _reader.Read();
        }
        catch (JsonException exception)
        {
            return RefuseSyntax(exception);
        }

        var isText = _reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName;
        if (!isText || !_reader.ValueIsEscaped || JsonStrings.FaultOf(_reader.ValueSpan) is not { } fault) return true;

        // A faulty name cannot be decoded: it is shown as it was written.
        if (_reader.TokenType == JsonTokenType.PropertyName) _path.MoveTo(Encoding.UTF8.GetString(_reader.ValueSpan));
        return Refuse(fault);
    }

    private bool RefuseSyntax(JsonException exception)
    {
        var place = $"line {(exception.LineNumber ?? 0) + 1}, byte {(exception.BytePositionInLine ?? 0) + 1}";
        Refusal = new BodyRefusal(null, BodyRefusal.InvalidJson, $"The request body is not valid JSON: something is wrong at {place}.");
        return false;
    }
}
